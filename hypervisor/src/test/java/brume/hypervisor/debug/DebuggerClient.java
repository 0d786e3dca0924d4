package brume.hypervisor.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// The other side of GDB's protocol, as the GDB manual's appendix E describes it.
final class DebuggerClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private boolean acknowledges = true;

  DebuggerClient(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(30_000);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /// Sends a packet and answers the reply.
  String ask(String packet) throws IOException {
    send(packet);
    return reply();
  }

  void send(String packet) throws IOException {
    raw(framed(packet));
    if (acknowledges) {
      assertThat((char) in.read()).as("acknowledgement of " + packet).isEqualTo('+');
    }
  }

  static String framed(String packet) {
    int sum = packet.chars().sum() & 0xff;
    return "$" + packet + "#" + "%02x".formatted(sum);
  }

  void raw(String bytes) throws IOException {
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  int readByte() throws IOException {
    return in.read();
  }

  void interrupt() throws IOException {
    out.write(3);
    out.flush();
  }

  void stopAcknowledging() throws IOException {
    assertThat(ask("QStartNoAckMode")).isEqualTo("OK");
    acknowledges = false;
  }

  String reply() throws IOException {
    int one = in.read();
    while (one != '$') {
      assertThat(one).as("a packet starts").isEqualTo('$');
    }
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    int sum = 0;
    for (one = in.read(); one != '#'; one = in.read()) {
      assertThat(one).as("the connection").isNotNegative();
      sum += one;
      if (one == '}') {
        one = in.read();
        sum += one;
        one ^= 0x20;
      }
      payload.write(one);
    }
    String checksum = "" + (char) in.read() + (char) in.read();
    assertThat(checksum).isEqualTo("%02x".formatted(sum & 0xff));
    if (acknowledges) {
      raw("+");
    }
    return payload.toString(StandardCharsets.ISO_8859_1);
  }

  /// The value of a register.
  long register(int number) throws IOException {
    String digits = ask("p%x".formatted(number));
    assertThat(digits).hasSize(16);
    return Long.reverseBytes(Long.parseUnsignedLong(digits, 16));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
