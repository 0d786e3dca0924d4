package brume.billing.pricing;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Each unit has the price of the tier that it falls in.
public record Graduated(List<Tier> tiers) implements Rate {
  public Graduated {
    tiers = Tier.checked(tiers);
  }

  @Override
  public List<Portion> portions(long from, long to, long total) {
    Rate.requireStretch(from, to, total);
    List<Portion> portions = new ArrayList<>();
    for (int i = 0; i < tiers.size(); i++) {
      long begin = Math.max(from, tiers.get(i).from());
      long end = i + 1 < tiers.size() ? Math.min(to, tiers.get(i + 1).from()) : to;
      if (end > begin) {
        portions.add(new Portion(end - begin, tiers.get(i).micros()));
      }
    }
    return portions;
  }

  /// As if all had the first price, corrected at each step by what is above it.
  @Override
  public BigInteger product(long total) {
    BigInteger sum = BigInteger.ZERO;
    long before = 0;
    for (Tier tier : tiers) {
      sum =
          sum.add(
              BigInteger.valueOf(Math.max(0, total - tier.from()))
                  .multiply(BigInteger.valueOf(tier.micros() - before)));
      before = tier.micros();
    }
    return sum;
  }

  @Override
  public long listMicros() {
    return tiers.getFirst().micros();
  }

  @Override
  public String text(long unitsPerPrice) {
    return "graduated: " + Tier.text(tiers, unitsPerPrice);
  }
}
