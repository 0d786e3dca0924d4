package brume.billing.rating;

import java.math.BigInteger;

/// An amount of money without any rounding, as a whole number of parts. A second at a price of
/// whole micro-units per hour costs a whole number of 3,600ths of a micro-unit, so sums and
/// differences are exact however many there are; only [Rounding] divides.
///
/// @param parts 3,600ths of a millionth of the currency's unit
public record Amount(BigInteger parts) implements Comparable<Amount> {
  public static final Amount ZERO = new Amount(BigInteger.ZERO);

  /// How many parts make one unit of the currency.
  public static final BigInteger PARTS_PER_UNIT = BigInteger.valueOf(3_600L * 1_000_000L);

  public static Amount of(long seconds, long microsPerHour) {
    return new Amount(BigInteger.valueOf(seconds).multiply(BigInteger.valueOf(microsPerHour)));
  }

  public Amount plus(Amount other) {
    return new Amount(parts.add(other.parts));
  }

  public Amount minus(Amount other) {
    return new Amount(parts.subtract(other.parts));
  }

  @Override
  public int compareTo(Amount other) {
    return parts.compareTo(other.parts);
  }
}
