package brume.billing.pricing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a new book changes of the one before it, by meter and sku.
public record PriceDiff(List<Change> changes) {
  /// @param before absent for what had no price
  /// @param after absent for what will have none
  /// @param percent of the price shown first, rounded down; absent where there is none to compare
  public record Change(
      String meter,
      String sku,
      @Nullable String before,
      @Nullable String after,
      @Nullable Long percent) {}

  public static PriceDiff between(@Nullable PriceBook before, PriceBook after) {
    Map<String, Price> old = byName(before);
    Map<String, Price> fresh = byName(after);
    Map<String, Price> all = new TreeMap<>(old);
    all.putAll(fresh);
    List<Change> changes = new ArrayList<>();
    all.forEach((name, price) -> {
      Price was = old.get(name);
      Price is = fresh.get(name);
      if (was == null || !was.equals(is)) {
        changes.add(
            new Change(
                price.meter().name(),
                price.sku(),
                was == null ? null : was.text(),
                is == null ? null : is.text(),
                percent(was, is)));
      }
    });
    return new PriceDiff(List.copyOf(changes));
  }

  private static @Nullable Long percent(@Nullable Price was, @Nullable Price is) {
    if (was == null || is == null || was.rate().listMicros() == 0) {
      return null;
    }
    long before = was.rate().listMicros();
    return Math.floorDiv((is.rate().listMicros() - before) * 100, before);
  }

  private static Map<String, Price> byName(@Nullable PriceBook book) {
    Map<String, Price> prices = new TreeMap<>();
    if (book != null) {
      book.prices().forEach(price -> prices.put(price.meter().name() + " " + price.sku(), price));
    }
    return prices;
  }
}
