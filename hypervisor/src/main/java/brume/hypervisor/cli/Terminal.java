package brume.hypervisor.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The terminal on stdin in raw mode, set by `stty` and restored on close; nothing at all when
/// stdin is not a terminal or there is no `stty`.
final class Terminal implements AutoCloseable {
  private final String saved;
  private boolean closed;

  private Terminal(String saved) {
    this.saved = saved;
  }

  static Terminal open() {
    String saved = stty("-g");
    if (!saved.isEmpty()) {
      stty("raw", "-echo");
    }
    return new Terminal(saved);
  }

  boolean isRaw() {
    return !saved.isEmpty();
  }

  /// Once, whoever comes first: the end of the machine or the end of the process.
  synchronized void restore() {
    if (isRaw() && !closed) {
      closed = true;
      stty(saved);
    }
  }

  @Override
  public void close() {
    restore();
  }

  /// What `stty` prints; empty when it fails, as it does where stdin is not a terminal.
  private static String stty(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add("stty");
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.to(new File("/dev/null")))
              .start();
      byte[] printed = process.getInputStream().readAllBytes();
      boolean ended = process.waitFor(5, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0
          ? new String(printed, StandardCharsets.US_ASCII).strip()
          : "";
    } catch (IOException unavailable) {
      return "";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
