package brume.billing.rating;

import brume.billing.pricing.Portion;
import brume.billing.pricing.Price;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One account's quantities of one month become exact amounts. Quantities that share a price share
/// its allowance and tiers, in the order in which they are given. Pure.
public final class Rating {
  private Rating() {}

  private record PriceKey(String priceBookId, Price price) {}

  /// The units of each quantity at each price, in the order of the quantities.
  public static List<List<Portion>> portions(List<Quantity> quantities) {
    Map<PriceKey, Long> totals = new HashMap<>();
    for (Quantity quantity : quantities) {
      totals.merge(key(quantity), quantity.units(), Math::addExact);
    }
    Map<PriceKey, Long> before = new HashMap<>();
    List<List<Portion>> portions = new ArrayList<>();
    for (Quantity quantity : quantities) {
      PriceKey key = key(quantity);
      long from = before.getOrDefault(key, 0L);
      long to = from + quantity.units();
      portions.add(
          quantity.price().rate().portions(from, to, Objects.requireNonNull(totals.get(key))));
      before.put(key, to);
    }
    return portions;
  }

  private static PriceKey key(Quantity quantity) {
    return new PriceKey(quantity.priceBookId(), quantity.price());
  }

  /// What a quantity's portions cost.
  public static Amount amount(Quantity quantity, List<Portion> portions) {
    long unitsPerPrice = quantity.meter().unitsPerPrice();
    return portions.stream()
        .map(portion -> Amount.of(portion, unitsPerPrice))
        .reduce(Amount.ZERO, Amount::plus);
  }

  /// What they cost together, unrounded.
  public static Amount exact(List<Quantity> quantities) {
    Amount sum = Amount.ZERO;
    List<List<Portion>> portions = portions(quantities);
    for (int i = 0; i < quantities.size(); i++) {
      sum = sum.plus(amount(quantities.get(i), portions.get(i)));
    }
    return sum;
  }
}
