package brume.contract;

import java.time.Clock;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Makes ids as EC2 writes them: a prefix and 17 hex digits. The first 11 digits are the time in
/// milliseconds, so that ids sort by the time they were made; the other 6 are random, so two made
/// in one millisecond differ but for one chance in 16 million, which the primary key then refuses.
public final class IdGenerator {
  private final Clock clock;
  private final RandomGenerator random;

  public IdGenerator(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /// @param prefix such as `i-` or `ami-`
  public String next(String prefix) {
    HexFormat hex = HexFormat.of();
    return prefix
        + hex.toHexDigits(clock.millis(), 11)
        + hex.toHexDigits(random.nextInt(1 << 24), 6);
  }
}
