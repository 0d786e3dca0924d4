package brume.billing.pricing;

import brume.contract.Checks;
import java.math.BigInteger;
import java.util.List;

/// Every unit costs the same.
public record PerUnit(long micros) implements Rate {
  public PerUnit {
    Checks.range("micros", micros, 0, Price.MICROS_MAX);
  }

  @Override
  public List<Portion> portions(long from, long to, long total) {
    Rate.requireStretch(from, to, total);
    return from == to ? List.of() : List.of(new Portion(to - from, micros));
  }

  @Override
  public BigInteger product(long total) {
    return BigInteger.valueOf(total).multiply(BigInteger.valueOf(micros));
  }

  @Override
  public long listMicros() {
    return micros;
  }

  @Override
  public String text(long unitsPerPrice) {
    return Long.toString(micros);
  }
}
