package brume.cli.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The interactive console on a real terminal, which `script` makes: raw while it lasts, and as
/// before afterwards, also when the process is told to end.
class TerminalTest {
  private static final String ID = "i-0191a2b3c4d5e6f70";
  private static final String DETACH = "\u001d";

  @TempDir Path folder;

  @Test
  void keysGoToTheGuestAtOnceAndTheTerminalIsAsBeforeAfterDetaching() throws Exception {
    try (GuestSocket guest = new GuestSocket(101)) {
      Process terminal = onTerminal(guest);
      OutputStream keys = terminal.getOutputStream();
      guest.print("login: ");
      assertThat(guest.next()).startsWith("text {\"type\":\"size\"");
      // The size is told once the terminal is raw: no line end is needed, and Ctrl-C is a key.
      keys.write("r\u0003".getBytes(StandardCharsets.US_ASCII));
      keys.flush();
      StringBuilder received = new StringBuilder();
      while (received.length() < 2) {
        received.append(guest.next());
      }
      assertThat(received.toString()).isEqualTo("r\u0003");
      keys.write(DETACH.getBytes(StandardCharsets.US_ASCII));
      keys.flush();
      assertThat(guest.next()).isEqualTo("close 1000");
      assertThat(terminal.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(shown()).contains("Connected to " + ID, "login: ", "it goes on");
      assertRestored();
      assertThat(Files.readString(folder.resolve("exit"))).isEqualTo("0\n");
    }
  }

  @Test
  void theTerminalIsAsBeforeWhenTheProcessIsToldToEnd() throws Exception {
    try (GuestSocket guest = new GuestSocket(101)) {
      Process terminal = onTerminal(guest);
      assertThat(guest.next()).startsWith("text {\"type\":\"size\"");
      long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
      assertThat(ProcessHandle.of(pid).orElseThrow().destroy()).isTrue();
      assertThat(terminal.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertRestored();
      assertThat(Files.readString(folder.resolve("exit"))).isEqualTo("143\n");
    }
  }

  private void assertRestored() throws IOException {
    assertThat(Files.readString(folder.resolve("after")))
        .isEqualTo(Files.readString(folder.resolve("before")));
  }

  private String shown() throws IOException {
    return Files.readString(folder.resolve("shown"));
  }

  /// A console on a terminal of its own; what is typed into it is written to the process.
  private Process onTerminal(GuestSocket guest) throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script is not installed");
    Files.writeString(
        folder.resolve("console.sh"),
        """
        echo $$ > pid
        exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dbrume.terminals=012 -cp '%s' \
          brume.cli.Brume console %s
        """
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                ID));
    Files.writeString(
        folder.resolve("session.sh"),
        """
        stty rows 24 columns 80
        stty -g > before
        sh console.sh
        echo $? > exit
        stty -g > after
        """);
    ProcessBuilder builder =
        new ProcessBuilder("/usr/bin/script", "-qec", "sh session.sh", "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("shown").toFile());
    builder.environment().put("BRUME_URL", guest.url());
    builder.environment().put("BRUME_TOKEN", "brume_x");
    builder.environment().put("BRUME_CONFIG", folder.resolve("config").toString());
    return builder.start();
  }
}
