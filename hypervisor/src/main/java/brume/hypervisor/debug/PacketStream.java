package brume.hypervisor.debug;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The framing of GDB's remote serial protocol (GDB manual, appendix E.1): `$payload#checksum`,
/// with `}` before bytes that have a meaning, an acknowledgement for each packet until both sides
/// do without, and the byte 3 by itself for an interrupt. Read and written by different threads.
final class PacketStream {
  /// Bytes of a payload, as told to the debugger.
  static final int PAYLOAD_BYTES_MAX = 0x4000;

  private static final int ESCAPE = '}', FLIP = 0x20;

  private final InputStream in;
  private final OutputStream out;
  private volatile boolean acknowledges = true;
  private byte[] last = new byte[0];

  /// What arrived. `bytes` of a packet are unescaped.
  sealed interface Received {
    @SuppressWarnings("ArrayRecordComponent") // Handed on once, never compared.
    record Packet(byte[] bytes) implements Received {}

    /// A packet that is larger than was agreed.
    record TooLarge() implements Received {}

    record Interrupt() implements Received {}
  }

  PacketStream(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /// From the next packet on, without acknowledgements.
  void stopAcknowledging() {
    acknowledges = false;
  }

  /// The next packet that arrives whole, or an interrupt. Throws EOFException at the end.
  Received read() throws IOException {
    while (true) {
      int start = next();
      switch (start) {
        case 3 -> {
          return new Received.Interrupt();
        }
        case '-' -> repeat();
        case '$' -> {
          ByteArrayOutputStream payload = new ByteArrayOutputStream();
          if (readPayload(payload)) {
            return payload.size() > PAYLOAD_BYTES_MAX
                ? new Received.TooLarge()
                : new Received.Packet(payload.toByteArray());
          }
        }
        // An acknowledgement, or noise between packets.
        default -> {}
      }
    }
  }

  private int next() throws IOException {
    int one = in.read();
    if (one < 0) {
      throw new EOFException("the debugger is gone");
    }
    return one;
  }

  /// Whether the checksum was right. Of what is too long, one byte too many is kept.
  private boolean readPayload(ByteArrayOutputStream payload) throws IOException {
    int sum = 0;
    int one = next();
    while (one != '#') {
      sum += one;
      int value = one;
      if (one == ESCAPE) {
        one = next();
        if (one == '#') {
          break;
        }
        sum += one;
        value = one ^ FLIP;
      }
      if (payload.size() <= PAYLOAD_BYTES_MAX) {
        payload.write(value);
      }
      one = next();
    }
    int high = Character.digit(next(), 16);
    int low = Character.digit(next(), 16);
    boolean right = !acknowledges || (sum & 0xff) == (high << 4 | low);
    if (acknowledges) {
      raw(right ? "+" : "-");
    }
    return right;
  }

  private synchronized void raw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private synchronized void repeat() throws IOException {
    out.write(last);
    out.flush();
  }

  void write(String payload) throws IOException {
    ByteArrayOutputStream framed = new ByteArrayOutputStream(payload.length() + 4);
    framed.write('$');
    int sum = 0;
    for (byte one : payload.getBytes(StandardCharsets.ISO_8859_1)) {
      if (one == '#' || one == '$' || one == '*' || one == ESCAPE) {
        framed.write(ESCAPE);
        sum += ESCAPE;
        one ^= FLIP;
      }
      framed.write(one);
      sum += one;
    }
    framed.write('#');
    framed.write(Character.forDigit(sum >> 4 & 15, 16));
    framed.write(Character.forDigit(sum & 15, 16));
    synchronized (this) {
      last = framed.toByteArray();
      out.write(last);
      out.flush();
    }
  }
}
