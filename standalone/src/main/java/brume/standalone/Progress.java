package brume.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Tells whoever watches what takes time, and how long it took.
final class Progress {
  private final PrintStream out;
  private @Nullable String last;

  Progress(PrintStream out) {
    this.out = out;
  }

  <T> T step(String what, Supplier<T> work) {
    out.print(what + " …");
    out.flush();
    long started = System.nanoTime();
    T result;
    try {
      result = work.get();
    } catch (RuntimeException e) {
      out.println();
      throw e;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    out.printf(" %d.%d s%n", took.toSeconds(), took.toMillisPart() / 100);
    return result;
  }

  /// Prints a line unless it is what was printed last.
  void line(String line) {
    if (!line.equals(last)) {
      out.println(line);
      last = line;
    }
  }

  PrintStream out() {
    return out;
  }
}
