package brume.billing.pricing;

import brume.contract.Checks;
import java.util.List;
import java.util.stream.Collectors;

/// A price from a number of units on, until the next tier begins.
///
/// @param from units, 0 for the first tier
public record Tier(long from, long micros) {
  public static final int TIERS_MAX = 20;
  public static final long FROM_MAX = 1L << 60;

  public Tier {
    Checks.range("from", from, 0, FROM_MAX);
    Checks.range("micros", micros, 0, Price.MICROS_MAX);
  }

  static List<Tier> checked(List<Tier> tiers) {
    Checks.range("tiers", tiers.size(), 2, TIERS_MAX);
    if (tiers.getFirst().from() != 0) {
      throw new IllegalArgumentException("the first tier must begin at 0");
    }
    for (int i = 1; i < tiers.size(); i++) {
      if (tiers.get(i).from() <= tiers.get(i - 1).from()) {
        throw new IllegalArgumentException("each tier must begin above the one before it");
      }
    }
    return List.copyOf(tiers);
  }

  static String text(List<Tier> tiers, long unitsPerPrice) {
    return tiers.stream()
        .map(tier -> tier.micros() + " from " + tier.from() / unitsPerPrice)
        .collect(Collectors.joining(", "));
  }
}
