package brume.billing.pricing;

import brume.contract.Checks;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// The first units of a month are free; what is above them is counted from 0 by another rate.
///
/// @param free units, for the account and month
public record Allowance(long free, Rate above) implements Rate {
  public Allowance {
    Checks.range("free", free, 1, Tier.FROM_MAX);
    if (above instanceof Allowance) {
      throw new IllegalArgumentException("above an allowance there can't be another");
    }
  }

  @Override
  public List<Portion> portions(long from, long to, long total) {
    Rate.requireStretch(from, to, total);
    List<Portion> portions = new ArrayList<>();
    long freeUntil = Math.clamp(free, from, to);
    if (freeUntil > from) {
      portions.add(new Portion(freeUntil - from, 0));
    }
    portions.addAll(above.portions(paid(from), paid(to), paid(total)));
    return portions;
  }

  private long paid(long units) {
    return Math.max(0, units - free);
  }

  @Override
  public BigInteger product(long total) {
    return above.product(paid(total));
  }

  @Override
  public long listMicros() {
    return above.listMicros();
  }

  @Override
  public String text(long unitsPerPrice) {
    return free / unitsPerPrice + " free, then " + above.text(unitsPerPrice);
  }
}
