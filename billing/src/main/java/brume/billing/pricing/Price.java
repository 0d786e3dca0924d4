package brume.billing.pricing;

import brume.billing.meter.Meter;
import brume.contract.Checks;

/// What one thing costs.
///
/// @param sku the variant of what is metered, such as an instance type
/// @param rate in millionths of the book's currency, for as many units as the meter says
/// @param minimumSeconds charged for each start, however short
public record Price(Meter meter, String sku, Rate rate, int minimumSeconds) {
  public static final long MICROS_MAX = 1_000_000_000_000L;
  public static final int MINIMUM_SECONDS_MAX = 86_400;

  public Price {
    Checks.length("sku", sku, 1, 64);
    Checks.range("minimumSeconds", minimumSeconds, 1, MINIMUM_SECONDS_MAX);
  }

  public String text() {
    String text = rate.text(meter.unitsPerPrice());
    return minimumSeconds == 1 ? text : text + ", minimum " + minimumSeconds + " s";
  }
}
