package brume.compute.serial;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How fast one console may be typed into: so many bytes in a second, and as many at once after a
/// pause. Who sends more is read from later, and so slows down.
final class InputPace {
  static final int BYTES_PER_SECOND = 16 * 1024;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanos;
  private long paidUntil;

  /// @param nanos a clock that only goes forward
  InputPace(LongSupplier nanos) {
    this.nanos = nanos;
    this.paidUntil = nanos.getAsLong();
  }

  /// Takes note of some bytes, and says for how many nanoseconds they have to wait.
  long take(int bytes) {
    long now = nanos.getAsLong();
    paidUntil = Math.max(paidUntil, now) + bytes * SECOND / BYTES_PER_SECOND;
    return Math.max(0, paidUntil - now - SECOND);
  }
}
