package brume.billing.rating;

import brume.billing.meter.Meter;
import brume.billing.pricing.Price;
import brume.contract.Checks;

/// What one resource used at one price. A resource that ran over a change of prices has two.
///
/// @param seconds of use; 0 of what is counted
/// @param minimumSeconds charged on top, for starts that were shorter than the book's minimum
/// @param units what is charged, in the meter's units
public record Quantity(
    String resourceId,
    String priceBookId,
    Price price,
    long seconds,
    long minimumSeconds,
    long units) {
  public Quantity {
    Checks.range("seconds", seconds, 0, Long.MAX_VALUE);
    Checks.range("minimumSeconds", minimumSeconds, 0, Long.MAX_VALUE);
    Checks.range("units", units, 0, Long.MAX_VALUE);
  }

  public Meter meter() {
    return price.meter();
  }

  public String sku() {
    return price.sku();
  }

  /// Seconds that are charged.
  public long chargedSeconds() {
    return Math.addExact(seconds, minimumSeconds);
  }
}
