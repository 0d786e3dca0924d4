package brume.cli;

import brume.cli.process.Surroundings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Random;

/// What the JVM watches once, after a build, to make the cache that commands start from: some
/// verbs, run in this process against a cloud that answers the same page to everything.
public final class Training {
  private static final String PAGE =
      """
      {"items":[{"id":"i-00000000000000001","name":"web","state":"running","type":"e1.nano",
       "zone":"a","createdAt":"2026-10-01T08:10:00Z","vcpu":1,"memoryMib":128,"tags":{"a":"b"}}],
       "instances":[],"quotas":{"instancesMax":1},"used":{},"caller":{"role":"owner"}}\
      """;
  private static final String[][] COMMANDS = {
    {"help"},
    {"help", "run"},
    {"ps"},
    {"ps", "-o", "json", "--query", "[].id"},
    {"ps", "-o", "yaml"},
    {"ps", "-o", "csv"},
    {"run", "--tag", "a=b"},
    {"stop", "i-00000000000000001"},
    {"show", "i-00000000000000001"},
    {"types"},
    {"quotas"},
    {"complete", "--", "ps", "--st"},
    {"no-such-verb"}
  };

  /// Two line ends.
  private static final int END_OF_HEAD = 0x0d0a0d0a;

  private Training() {}

  public static void main(String[] arguments) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> answer(server));
      Map<String, String> environment =
          Map.of(
              "BRUME_URL", "http://127.0.0.1:" + server.getLocalPort(), "BRUME_TOKEN", "brume_x");
      for (String[] command : COMMANDS) {
        OutputStream nowhere = OutputStream.nullOutputStream();
        Brume.execute(
            new Surroundings(
                new ByteArrayInputStream(new byte[0]),
                new PrintWriter(nowhere, false, StandardCharsets.UTF_8),
                nowhere,
                new PrintWriter(nowhere, true, StandardCharsets.UTF_8),
                environment,
                Clock.systemUTC(),
                new Random(1),
                Surroundings.Terminals.of("012"),
                Thread::sleep),
            command);
      }
    }
  }

  private static void answer(ServerSocket server) {
    byte[] body = PAGE.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + "Content-Length: "
            + body.length
            + "\r\n\r\n";
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        InputStream in = socket.getInputStream();
        int last = 0;
        for (int read = 0; read >= 0 && last != END_OF_HEAD; ) {
          read = in.read();
          last = last << 8 | (read & 0xff);
        }
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
      } catch (IOException e) {
        // the training is over, or goes without this answer
      }
    }
  }
}
