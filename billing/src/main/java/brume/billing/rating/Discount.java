package brume.billing.rating;

import brume.contract.Checks;
import java.math.BigInteger;

/// A part of what was used that an account does not pay.
///
/// @param basisPoints hundredths of a percent
public record Discount(int basisPoints) {
  public static final int BASIS_POINTS_MAX = 10_000;

  public Discount {
    Checks.range("basisPoints", basisPoints, 0, BASIS_POINTS_MAX);
  }

  /// What is taken off, exactly: a sum of priced units always divides.
  public Amount of(Amount used) {
    BigInteger[] divided =
        used.parts()
            .multiply(BigInteger.valueOf(basisPoints))
            .divideAndRemainder(BigInteger.valueOf(BASIS_POINTS_MAX));
    if (divided[1].signum() != 0) {
      throw new IllegalStateException("a discount of a discount: " + used);
    }
    return new Amount(divided[0]);
  }
}
