package brume.hypervisor.machine;

import brume.hypervisor.cpu.TimeSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The time a machine lives by: a monotonic count of nanoseconds for its timers and the date for
/// its real-time clock. Handed in, so that tests and replay can set it.
///
/// @param nanoTime never goes back; its zero means nothing
/// @param wall the date
public record MachineClock(LongSupplier nanoTime, InstantSource wall) {
  static final long NANOS_PER_TICK = 100;

  public static MachineClock system() {
    return new MachineClock(System::nanoTime, InstantSource.system());
  }

  long epochNanos() {
    Instant now = wall.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /// Ticks since this call.
  TimeSource ticks() {
    long start = nanoTime.getAsLong();
    return () -> (nanoTime.getAsLong() - start) / NANOS_PER_TICK;
  }
}
