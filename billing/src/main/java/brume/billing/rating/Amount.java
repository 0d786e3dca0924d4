package brume.billing.rating;

import brume.billing.pricing.Portion;
import java.math.BigInteger;

/// An amount of money without any rounding, as a whole number of parts. The parts are so small that
/// every meter's unit at a price of whole micro-units costs a whole number of them, and so does a
/// discount of whole hundredths of a percent: a second of an hour, a MiB second of a GiB hour, a
/// byte of a GiB. So sums and differences are exact however many there are; only [Rounding]
/// divides.
public record Amount(BigInteger parts) implements Comparable<Amount> {
  public static final Amount ZERO = new Amount(BigInteger.ZERO);

  /// 3,600 s = 2⁴·225 and 3,600 s · 1,024 MiB and 2³⁰ B all divide 2³⁰·225; times 10⁴ for
  /// discounts.
  private static final long PARTS_IN_MICRO = (225L << 30) * 10_000L;

  private static final BigInteger PARTS_PER_MICRO = BigInteger.valueOf(PARTS_IN_MICRO);

  /// How many parts make one unit of the currency.
  public static final BigInteger PARTS_PER_UNIT =
      PARTS_PER_MICRO.multiply(BigInteger.valueOf(1_000_000L));

  /// @param product units times micros
  /// @param unitsPerPrice how many units the price is for
  public static Amount of(BigInteger product, long unitsPerPrice) {
    if (PARTS_IN_MICRO % unitsPerPrice != 0) {
      throw new IllegalArgumentException("unitsPerPrice " + unitsPerPrice + " leaves a remainder");
    }
    return new Amount(product.multiply(BigInteger.valueOf(PARTS_IN_MICRO / unitsPerPrice)));
  }

  public static Amount of(Portion portion, long unitsPerPrice) {
    return of(portion.product(), unitsPerPrice);
  }

  public static Amount ofMicros(long micros) {
    return new Amount(PARTS_PER_MICRO.multiply(BigInteger.valueOf(micros)));
  }

  public Amount plus(Amount other) {
    return new Amount(parts.add(other.parts));
  }

  public Amount minus(Amount other) {
    return new Amount(parts.subtract(other.parts));
  }

  public Amount negated() {
    return new Amount(parts.negate());
  }

  @Override
  public int compareTo(Amount other) {
    return parts.compareTo(other.parts);
  }
}
