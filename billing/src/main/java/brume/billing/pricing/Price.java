package brume.billing.pricing;

import brume.billing.meter.Meter;
import brume.contract.Checks;

/// What an hour of one thing costs.
///
/// @param sku the variant of what is metered, such as an instance type
/// @param microsPerHour millionths of the book's currency
/// @param minimumSeconds charged for each start, however short
public record Price(Meter meter, String sku, long microsPerHour, int minimumSeconds) {
  public static final long MICROS_PER_HOUR_MAX = 1_000_000_000_000L;
  public static final int MINIMUM_SECONDS_MAX = 86_400;

  public Price {
    Checks.length("sku", sku, 1, 64);
    Checks.range("microsPerHour", microsPerHour, 0, MICROS_PER_HOUR_MAX);
    Checks.range("minimumSeconds", minimumSeconds, 1, MINIMUM_SECONDS_MAX);
  }
}
