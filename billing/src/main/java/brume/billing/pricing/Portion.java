package brume.billing.pricing;

import brume.contract.Checks;
import java.math.BigInteger;

/// A number of units that all have one price.
///
/// @param units the meter's own, such as seconds
/// @param micros what as many of them as the meter's price is for cost, in millionths of the
///   currency
public record Portion(long units, long micros) {
  public Portion {
    Checks.range("units", units, 1, Long.MAX_VALUE);
    Checks.range("micros", micros, 0, Price.MICROS_MAX);
  }

  /// Without the division by what the price is for.
  public BigInteger product() {
    return BigInteger.valueOf(units).multiply(BigInteger.valueOf(micros));
  }
}
