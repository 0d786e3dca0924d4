package brume.hypervisor.reference;

import java.math.BigInteger;

/// An exact rational number, `numerator / denominator` with a positive denominator; not reduced.
record Fraction(BigInteger numerator, BigInteger denominator) implements Comparable<Fraction> {
  static final Fraction ZERO = of(BigInteger.ZERO);

  static Fraction of(BigInteger whole) {
    return new Fraction(whole, BigInteger.ONE);
  }

  static Fraction powerOfTwo(int exponent) {
    BigInteger power = BigInteger.ONE.shiftLeft(Math.abs(exponent));
    return exponent >= 0 ? of(power) : new Fraction(BigInteger.ONE, power);
  }

  Fraction plus(Fraction other) {
    return new Fraction(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  Fraction times(Fraction other) {
    return new Fraction(
        numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  Fraction over(Fraction other) {
    BigInteger top = numerator.multiply(other.denominator);
    BigInteger bottom = denominator.multiply(other.numerator);
    return bottom.signum() < 0
        ? new Fraction(top.negate(), bottom.negate())
        : new Fraction(top, bottom);
  }

  Fraction negate() {
    return new Fraction(numerator.negate(), denominator);
  }

  Fraction abs() {
    return new Fraction(numerator.abs(), denominator);
  }

  int signum() {
    return numerator.signum();
  }

  /// The largest `e` with `2^e <= |this|`; not for zero.
  int exponent() {
    int guess = numerator.abs().bitLength() - denominator.bitLength();
    return abs().compareTo(powerOfTwo(guess)) >= 0 ? guess : guess - 1;
  }

  /// A fraction that no number of up to 100 significant bits separates from the true square root.
  Fraction squareRoot() {
    int scale = Math.max(0, 120 - exponent() / 2);
    BigInteger[] root = numerator.shiftLeft(2 * scale).divide(denominator).sqrtAndRemainder();
    boolean exact =
        root[1].signum() == 0 && numerator.shiftLeft(2 * scale).mod(denominator).signum() == 0;
    BigInteger doubled = root[0].shiftLeft(1);
    return new Fraction(
        exact ? doubled : doubled.add(BigInteger.ONE), BigInteger.ONE.shiftLeft(scale + 1));
  }

  @Override
  public int compareTo(Fraction other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }
}
