package brume.billing.rating;

import brume.billing.meter.Meter;
import brume.billing.pricing.Portion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One account's quantities of one month become exact amounts. Quantities that share a price share
/// its allowance and tiers, in the order in which they are given. Pure.
public final class Rating {
  private Rating() {}

  /// A book has one price of them.
  private record PriceKey(String priceBookId, Meter meter, String sku) {}

  private static final class Used {
    private long total;
    private long before;
  }

  /// The units of each quantity at each price, in the order of the quantities.
  public static List<List<Portion>> portions(List<Quantity> quantities) {
    Map<PriceKey, Used> used = new HashMap<>();
    List<Used> of = new ArrayList<>(quantities.size());
    for (Quantity quantity : quantities) {
      PriceKey key = new PriceKey(quantity.priceBookId(), quantity.meter(), quantity.sku());
      Used each = used.computeIfAbsent(key, any -> new Used());
      each.total = Math.addExact(each.total, quantity.units());
      of.add(each);
    }
    List<List<Portion>> portions = new ArrayList<>(quantities.size());
    for (int i = 0; i < quantities.size(); i++) {
      Quantity quantity = quantities.get(i);
      Used each = of.get(i);
      long to = each.before + quantity.units();
      portions.add(quantity.price().rate().portions(each.before, to, each.total));
      each.before = to;
    }
    return portions;
  }

  /// What a quantity's portions cost.
  public static Amount amount(Quantity quantity, List<Portion> portions) {
    long unitsPerPrice = quantity.meter().unitsPerPrice();
    Amount sum = Amount.ZERO;
    for (Portion portion : portions) {
      sum = sum.plus(Amount.of(portion, unitsPerPrice));
    }
    return sum;
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
