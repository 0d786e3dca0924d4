package brume.contract;

import java.time.Clock;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Makes ids as EC2 writes them: a prefix and 17 hex digits. The first 11 digits are the time in
/// milliseconds and the other 6 begin at random, so that ids of several processes seldom meet (the
/// primary key refuses it). One generator's ids always ascend, also within a millisecond and when
/// the clock is set back: lists are read in the order of ids, and it is that of making.
public final class IdGenerator {
  private static final int ENDS = 1 << 24;

  /// The mean distance of two ids in one millisecond: wide enough that two processes which began it
  /// close together don't go on side by side.
  private static final int STEP = 1 << 10;

  private final Clock clock;
  private final RandomGenerator random;
  private long millis;
  private int end;

  public IdGenerator(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /// @param prefix such as `i-` or `ami-`
  public String next(String prefix) {
    HexFormat hex = HexFormat.of();
    synchronized (this) {
      advance();
      return prefix + hex.toHexDigits(millis, 11) + hex.toHexDigits(end, 6);
    }
  }

  private void advance() {
    long now = clock.millis();
    int next = end + 1 + random.nextInt(2 * STEP);
    if (now > millis) {
      millis = now;
      end = random.nextInt(ENDS);
    } else if (next < ENDS) {
      end = next;
    } else {
      // This millisecond's are used up: the ids go a little ahead of the clock.
      millis++;
      end = random.nextInt(STEP);
    }
  }
}
