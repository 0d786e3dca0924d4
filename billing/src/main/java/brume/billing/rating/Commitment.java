package brume.billing.rating;

import brume.contract.Checks;

/// What an account has promised to use in each month, paid whether it does or not.
///
/// @param micros millionths of the currency's unit; 0 promises nothing
public record Commitment(long micros) {
  public static final long MICROS_MAX = 1_000_000_000_000_000L;

  public Commitment {
    Checks.range("commitmentMicros", micros, 0, MICROS_MAX);
  }

  /// What is missing to the promise.
  ///
  /// @param used after discounts
  public Amount shortfall(Amount used) {
    Amount missing = Amount.ofMicros(micros).minus(used);
    return missing.parts().signum() > 0 ? missing : Amount.ZERO;
  }
}
