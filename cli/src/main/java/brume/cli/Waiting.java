package brume.cli;

import brume.client.model.Instance;
import brume.client.model.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Waits until instances are where they were sent. The server holds each question until the state
/// is reached, so nothing is polled in a hurry; on a terminal one line shows what is being waited
/// for.
final class Waiting {
  private static final int HELD_SECONDS_MAX = 20;

  private final Brume brume;
  private final Duration atMost;

  Waiting(Brume brume, Duration atMost) {
    this.brume = brume;
    this.atMost = atMost;
  }

  /// The instances in `state`. Throws [CommandFailure] when time is over or one went elsewhere for
  /// good.
  List<Instance> until(InstanceState state, List<Instance> instances) {
    Instant deadline = brume.surroundings().clock().instant().plus(atMost);
    return instances.stream().map(instance -> until(state, instance, deadline)).toList();
  }

  private Instance until(InstanceState state, Instance instance, Instant deadline) {
    Instance seen = instance;
    while (seen.getState() != state) {
      Duration left = Duration.between(brume.surroundings().clock().instant(), deadline);
      if (!left.isPositive()) {
        clearLine();
        throw new CommandFailure(
            ExitCode.WAITED_TOO_LONG,
            seen.getId()
                + " is still "
                + seen.getState()
                + " after "
                + atMost.toSeconds()
                + " s: "
                + reason(seen)
                + "; it goes on by itself, see 'brume show "
                + seen.getId()
                + "'");
      }
      failIfNever(state, seen);
      show(seen, state);
      // One second at a time on a terminal, so that the line shows what happens.
      long held = brume.surroundings().terminal() ? 1 : HELD_SECONDS_MAX;
      String timeout = Math.max(1, Math.min(held, left.toSeconds())) + "s";
      String id = seen.getId();
      seen =
          brume
              .connection()
              .call(
                  () -> brume.connection().instances().getInstance(id, state.getValue(), timeout));
    }
    clearLine();
    return seen;
  }

  private void failIfNever(InstanceState wanted, Instance seen) {
    boolean over =
        seen.getState() == InstanceState.TERMINATED
            || (wanted == InstanceState.RUNNING && seen.getState() == InstanceState.STOPPED);
    if (over) {
      clearLine();
      throw new CommandFailure(
          ExitCode.REFUSED, seen.getId() + " is " + seen.getState() + ": " + reason(seen));
    }
  }

  private void show(Instance seen, InstanceState wanted) {
    if (brume.surroundings().terminal()) {
      brume
          .surroundings()
          .err()
          .print(
              "\r\u001b[K"
                  + seen.getId()
                  + " "
                  + seen.getState()
                  + " → "
                  + wanted
                  + "  "
                  + reason(seen));
      brume.surroundings().err().flush();
    }
  }

  private void clearLine() {
    if (brume.surroundings().terminal()) {
      brume.surroundings().err().print("\r\u001b[K");
      brume.surroundings().err().flush();
    }
  }

  static String reason(Instance instance) {
    var reason = instance.getStateReason();
    return reason == null ? "" : reason.getMessage();
  }
}
