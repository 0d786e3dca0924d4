package brume.hypervisor.machine;

/// Processor time that flows in at a rate, is kept up to a limit, and is used up: a token bucket in
/// nanoseconds. It may be overdrawn by what was under way.
final class Allowance {
  private int ratePermille;
  private long limit;
  private long level;
  private long at;

  Allowance(int ratePermille, long limit, long level, long now) {
    this.ratePermille = ratePermille;
    this.limit = limit;
    this.level = level;
    this.at = now;
  }

  /// What is there is kept as far as the new limit allows.
  void change(int newRatePermille, long newLimit, long now) {
    refill(now);
    ratePermille = newRatePermille;
    limit = newLimit;
    level = Math.min(level, limit);
  }

  private void refill(long now) {
    long elapsed = Math.max(0, now - at);
    // Whole thousandths apart, so that a year does not overflow.
    long earned = elapsed / 1000 * ratePermille + elapsed % 1000 * ratePermille / 1000;
    level = Math.min(limit, level + earned);
    at = Math.max(at, now);
  }

  void use(long nanos, long now) {
    refill(now);
    level -= nanos;
  }

  long level(long now) {
    refill(now);
    return level;
  }

  boolean isUsedUp() {
    return level <= 0;
  }

  /// When `wanted` will be there, as of the last use.
  long timeOf(long wanted) {
    return at + Math.max(0, wanted - level) * 1000 / ratePermille + 1;
  }
}
