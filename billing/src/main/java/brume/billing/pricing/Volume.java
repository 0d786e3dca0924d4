package brume.billing.pricing;

import java.math.BigInteger;
import java.util.List;

/// All units have the price of the tier that their total falls in.
public record Volume(List<Tier> tiers) implements Rate {
  public Volume {
    tiers = Tier.checked(tiers);
  }

  @Override
  public List<Portion> portions(long from, long to, long total) {
    Rate.requireStretch(from, to, total);
    return from == to ? List.of() : List.of(new Portion(to - from, micros(total)));
  }

  @Override
  public BigInteger product(long total) {
    return BigInteger.valueOf(micros(total)).multiply(BigInteger.valueOf(total));
  }

  private long micros(long total) {
    return tiers.stream().filter(tier -> tier.from() <= total).toList().getLast().micros();
  }

  @Override
  public long listMicros() {
    return tiers.getFirst().micros();
  }

  @Override
  public String text(long unitsPerPrice) {
    return "volume: " + Tier.text(tiers, unitsPerPrice);
  }
}
