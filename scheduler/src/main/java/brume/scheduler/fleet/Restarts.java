package brume.scheduler.fleet;

import brume.contract.EndCause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long an instance waits before it starts again after the platform failed it: 1 s, then twice
/// as long each time, up to 60 s, so that what fails at once does not spin. Failures count for one
/// generation and for [#WINDOW]; a user who stops and starts begins anew.
final class Restarts {
  static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int DELAY_SECONDS_MAX = 60;

  private Restarts() {}

  /// @param failures within the window, this one included
  static Duration delay(int failures) {
    int doublings = Math.clamp(failures - 1, 0, 6);
    return Duration.ofSeconds(Math.min(DELAY_SECONDS_MAX, 1 << doublings));
  }

  static String reason(Duration delay, EndCause cause, @Nullable String reason) {
    return "starts again in " + delay.toSeconds() + " s: " + (reason == null ? why(cause) : reason);
  }

  private static String why(EndCause cause) {
    return switch (cause) {
      case NODE_REFUSED -> "its node had no memory left for it";
      case IMAGE_UNAVAILABLE -> "its node could not get the image";
      case NODE_RESTARTED -> "the agent of its node restarted";
      case NODE_LOST -> "its node was lost";
      case REQUESTED -> "its node ended it";
      case GUEST_POWEROFF -> "it powered itself off";
      case GUEST_FAILURE -> "it failed";
    };
  }
}
