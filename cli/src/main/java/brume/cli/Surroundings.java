package brume.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What a command has around it: where it prints, the environment, the clock.
///
/// @param terminal whether a person watches: progress lines are drawn only then
public record Surroundings(
    PrintWriter out,
    PrintWriter err,
    Map<String, String> environment,
    Clock clock,
    RandomGenerator random,
    boolean terminal) {
  public Surroundings {
    environment = Map.copyOf(environment);
  }
}
