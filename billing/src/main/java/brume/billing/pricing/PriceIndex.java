package brume.billing.pricing;

import brume.billing.meter.Meter;
import java.util.HashMap;
import java.util.Map;

/// The prices of a schedule, found by name.
public final class PriceIndex {
  private final Map<Key, Price> prices = new HashMap<>();

  private record Key(String priceBookId, Meter meter, String sku) {}

  public PriceIndex(PriceSchedule schedule) {
    for (PriceBook book : schedule.books()) {
      for (Price price : book.prices()) {
        prices.put(new Key(book.id(), price.meter(), price.sku()), price);
      }
    }
  }

  public Price price(String priceBookId, Meter meter, String sku) {
    Price price = prices.get(new Key(priceBookId, meter, sku));
    if (price == null) {
      throw new IllegalArgumentException(
          "price book " + priceBookId + " has no price for " + meter.name() + " " + sku);
    }
    return price;
  }
}
