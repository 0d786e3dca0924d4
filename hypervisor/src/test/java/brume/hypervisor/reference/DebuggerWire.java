package brume.hypervisor.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The client's side of the GDB remote protocol, as little of it as [QemuMachine] needs: packets
/// are `$` content `#` checksum, each acknowledged by `+`.
final class DebuggerWire implements AutoCloseable {
  private static final Pattern REGISTER = Pattern.compile("<reg name=\"([^\"]+)\"([^>]*)>");
  private static final Pattern NUMBER = Pattern.compile("regnum=\"(\\d+)\"");
  private static final Pattern INCLUDE = Pattern.compile("include href=\"([^\"]+)\"");

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocate(1 << 16).flip();

  private DebuggerWire(SocketChannel channel) {
    this.channel = channel;
  }

  /// Waits until the process listens there.
  static DebuggerWire connect(Path socket, Process process) throws IOException {
    while (true) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        return new DebuggerWire(channel);
      } catch (IOException notYet) {
        channel.close();
        if (!process.isAlive()) {
          throw new IOException("ended at once, with status " + process.exitValue(), notYet);
        }
        Thread.onSpinWait();
      }
    }
  }

  String ask(String packet) {
    try {
      byte[] content = packet.getBytes(StandardCharsets.ISO_8859_1);
      int sum = 0;
      for (byte b : content) {
        sum += b;
      }
      String framed = "$" + packet + "#%02x".formatted(sum & 0xff);
      ByteBuffer out = ByteBuffer.wrap(framed.getBytes(StandardCharsets.ISO_8859_1));
      while (out.hasRemaining()) {
        channel.write(out);
      }
      return answer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String answer() throws IOException {
    int first = next();
    while (first != '$') {
      first = next();
    }
    StringBuilder content = new StringBuilder();
    for (int c = next(); c != '#'; c = next()) {
      content.append(c == '}' ? (char) (next() ^ 0x20) : (char) c);
    }
    next();
    next();
    channel.write(ByteBuffer.wrap(new byte[] {'+'}));
    return content.toString();
  }

  private int next() throws IOException {
    if (!in.hasRemaining()) {
      in.clear();
      if (channel.read(in) < 0) {
        throw new IOException("the other side has gone");
      }
      in.flip();
    }
    return in.get() & 0xff;
  }

  /// Numbers of all registers, by name, out of the target's description.
  Map<String, Integer> registers() {
    Map<String, Integer> numbers = new HashMap<>();
    int next = 0;
    Matcher includes = INCLUDE.matcher(document("target.xml"));
    while (includes.find()) {
      Matcher found = REGISTER.matcher(document(includes.group(1)));
      while (found.find()) {
        Matcher number = NUMBER.matcher(found.group(2));
        next = number.find() ? Integer.parseInt(number.group(1)) : next;
        numbers.put(found.group(1), next++);
      }
    }
    return numbers;
  }

  private String document(String name) {
    StringBuilder text = new StringBuilder();
    while (true) {
      String part = ask("qXfer:features:read:%s:%x,800".formatted(name, text.length()));
      text.append(part, 1, part.length());
      if (part.charAt(0) != 'm') {
        return text.toString();
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
