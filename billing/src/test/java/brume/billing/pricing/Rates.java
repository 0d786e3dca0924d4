package brume.billing.pricing;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Rates of every model, at random or from a few words.
public final class Rates {
  private Rates() {}

  public static Rate any(RandomGenerator random) {
    Rate paid =
        switch (random.nextInt(3)) {
          case 0 -> new PerUnit(random.nextLong(50_000));
          case 1 -> new Graduated(tiers(random));
          default -> new Volume(tiers(random));
        };
    return random.nextBoolean() ? paid : new Allowance(1 + random.nextLong(5_000), paid);
  }

  private static List<Tier> tiers(RandomGenerator random) {
    List<Tier> tiers = new ArrayList<>();
    long from = 0;
    for (int i = 2 + random.nextInt(4); i > 0; i--) {
      tiers.add(new Tier(from, random.nextLong(50_000)));
      from += 1 + random.nextLong(3_000);
    }
    return tiers;
  }

  /// `0:10 100:5` is 10 from the first unit on and 5 from the hundredth.
  static List<Tier> tiers(String text) {
    List<Tier> tiers = new ArrayList<>();
    for (String tier : text.strip().split(" +")) {
      String[] parts = tier.split(":");
      tiers.add(new Tier(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
    }
    return tiers;
  }

  /// `50x10 3x5`, as portions are.
  static String text(List<Portion> portions) {
    return String.join(
        " ", portions.stream().map(each -> each.units() + "x" + each.micros()).toList());
  }
}
