package brume.hypervisor.machine;

/// How far a machine may go beyond its baseline: it earns processor time at the rate of the
/// baseline, whether it runs or not, and spends what it uses. With nothing left it gets the
/// baseline, whatever is free. EC2 calls a minute of one processor a credit, and keeps what is
/// earned in 24 hours.
///
/// @param baselinePermille earned in thousandths of one processor, for the whole machine; 1 to 8000
/// @param limitNanos the most that is kept
/// @param launchNanos the balance to begin with
public record BurstCredits(int baselinePermille, long limitNanos, long launchNanos) {
  private static final long DAY_SECONDS = 24 * 3600;
  private static final long SECOND_NANOS = 1_000_000_000;

  public BurstCredits {
    if (baselinePermille < 1 || baselinePermille > ProcessorShare.CAP_PERMILLE_MAX) {
      throw new IllegalArgumentException(
          "baseline: " + baselinePermille + "; must be 1 to 8000 thousandths");
    }
    if (limitNanos < 1 || launchNanos < 0 || launchNanos > limitNanos) {
      throw new IllegalArgumentException(
          "credits: %d ns to begin with, at most %d; must be 0 to the limit, and that more than 0"
              .formatted(launchNanos, limitNanos));
    }
  }

  /// What a day earns is kept, or what it was given if that is more.
  public static BurstCredits ofDay(int baselinePermille, long launchNanos) {
    long day = DAY_SECONDS * SECOND_NANOS / 1000 * baselinePermille;
    return new BurstCredits(baselinePermille, Math.max(day, launchNanos), launchNanos);
  }
}
