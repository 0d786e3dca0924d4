package brume.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/// The options of every command that sends an instance somewhere.
final class WaitOptions {
  @Option(names = "--wait", description = "Wait until it is there.")
  boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "How long to wait at most; ${DEFAULT-VALUE} by default.")
  int seconds;

  Duration atMost() {
    if (seconds < 1 || seconds > 86_400) {
      throw new CommandFailure(
          ExitCode.USAGE, "--timeout must be 1 to 86400 seconds, not " + seconds);
    }
    return Duration.ofSeconds(seconds);
  }
}
