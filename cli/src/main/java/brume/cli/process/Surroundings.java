package brume.cli.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What a command has around it.
///
/// @param in what a person types, or what is piped in
/// @param out where answers go; UTF-8
/// @param bytes what `out` writes to, for a guest's own bytes
/// @param err where everything else goes: refusals, questions, progress
/// @param terminals which of these three a person sits at
/// @param pause how to let time pass
public record Surroundings(
    InputStream in,
    PrintWriter out,
    OutputStream bytes,
    PrintWriter err,
    Map<String, String> environment,
    Clock clock,
    RandomGenerator random,
    Terminals terminals,
    Pause pause) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }

  /// Lets time pass.
  @FunctionalInterface
  public interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  /// Which of a process' streams are terminals.
  public record Terminals(boolean in, boolean out, boolean err) {
    public static final Terminals NONE = new Terminals(false, false, false);

    /// @param given the digits of those that are, `012`; what the `brume` script found
    public static Terminals of(String given) {
      return new Terminals(given.contains("0"), given.contains("1"), given.contains("2"));
    }
  }

  /// Ends the command where it is interrupted meanwhile.
  public void sleep(Duration duration) {
    try {
      pause.of(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.REFUSED, "interrupted");
    }
  }

  /// How many columns lines may have; none where nobody looks.
  public Optional<Integer> columns() {
    if (!terminals.out()) {
      return Optional.empty();
    }
    try {
      int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
      return columns >= 20 ? Optional.of(columns) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  public boolean colours() {
    return terminals.out()
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  /// A key for one thing that the user wants done, so that asking again does it once.
  public String idempotencyKey() {
    return "cli-" + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
  }
}
