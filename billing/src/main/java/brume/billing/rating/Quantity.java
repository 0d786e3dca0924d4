package brume.billing.rating;

import brume.billing.meter.Meter;
import brume.contract.Checks;

/// What one resource used at one price. A resource that ran over a change of prices has two.
///
/// @param seconds of use
/// @param minimumSeconds charged on top, for starts that were shorter than the book's minimum
public record Quantity(
    String resourceId,
    Meter meter,
    String sku,
    String priceBookId,
    long microsPerHour,
    long seconds,
    long minimumSeconds) {
  public Quantity {
    Checks.range("microsPerHour", microsPerHour, 0, Long.MAX_VALUE);
    Checks.range("seconds", seconds, 0, Long.MAX_VALUE);
    Checks.range("minimumSeconds", minimumSeconds, 0, Long.MAX_VALUE);
  }

  public Amount amount() {
    return Amount.of(Math.addExact(seconds, minimumSeconds), microsPerHour);
  }
}
