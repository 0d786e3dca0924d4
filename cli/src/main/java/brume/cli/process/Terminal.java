package brume.cli.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The terminal that the command runs in, changed for a while by `stty` and put back in every case:
/// when closed, and when the process is told to end meanwhile.
public final class Terminal implements AutoCloseable {
  private static final File DEVICE = new File("/dev/tty");
  private static final int SECONDS_MAX = 5;
  private static final int BYTES_MAX = 1024;

  private final String before;
  private final Thread atExit;

  private Terminal(String before) {
    this.before = before;
    this.atExit = new Thread(() -> stty(before));
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// What is typed comes at once and as it is, and is not shown. Throws [CommandFailure] where
  /// there is no terminal.
  public static Terminal raw() {
    return changed("raw", "-echo");
  }

  /// What is typed comes by lines and is not shown.
  public static Terminal silent() {
    return changed("-echo");
  }

  private static Terminal changed(String... settings) {
    String before =
        stty("-g")
            .map(String::strip)
            .filter(text -> text.matches("[0-9a-fA-F:=a-z]+"))
            .orElseThrow(() ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "this needs a terminal with 'stty': pipe the input in instead"));
    Terminal terminal = new Terminal(before);
    if (stty(settings).isEmpty()) {
      terminal.close();
      throw new CommandFailure(ExitCode.USAGE, "the terminal can not be set to " + settings[0]);
    }
    return terminal;
  }

  /// Columns and rows, where they are known.
  public record Size(int columns, int rows) {}

  public static Optional<Size> size() {
    return stty("size")
        .map(String::strip)
        .filter(text -> text.matches("[1-9][0-9]{0,3} [1-9][0-9]{0,3}"))
        .map(text -> text.split(" "))
        .map(parts -> new Size(Integer.parseInt(parts[1]), Integer.parseInt(parts[0])));
  }

  private static Optional<String> stty(String... settings) {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(settings));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(DEVICE)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (InputStream out = process.getInputStream()) {
        String text = new String(out.readNBytes(BYTES_MAX), StandardCharsets.US_ASCII);
        return process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0
            ? Optional.of(text)
            : Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    stty(before);
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // the process is ending, and the hook does it once more
    }
  }
}
