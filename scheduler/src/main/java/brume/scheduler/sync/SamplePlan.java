package brume.scheduler.sync;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether what VMs have used is kept as a sample of this moment, and for how long: one in ten
/// seconds for an hour, and the first of each minute for a day. So a VM has at most 360 and 1,440
/// of them, however often its node reports.
///
/// @param keptUntil of no meaning where none is due
record SamplePlan(boolean due, Instant keptUntil) {
  private static final long EVERY_SECONDS = 10;
  private static final long MINUTE_SECONDS = 60;
  private static final Duration KEPT = Duration.ofHours(1);
  private static final Duration MINUTES_KEPT = Duration.ofDays(1);

  /// @param last when counters of the node's VMs were written before; null for never
  static SamplePlan of(@Nullable Instant last, Instant now) {
    if (last == null || isLater(last, now, MINUTE_SECONDS)) {
      return new SamplePlan(true, now.plus(MINUTES_KEPT));
    }
    return new SamplePlan(isLater(last, now, EVERY_SECONDS), now.plus(KEPT));
  }

  /// Whether another span of so many seconds has begun.
  private static boolean isLater(Instant last, Instant now, long seconds) {
    return Math.floorDiv(now.getEpochSecond(), seconds)
        > Math.floorDiv(last.getEpochSecond(), seconds);
  }
}
