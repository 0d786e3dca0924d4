package brume.hypervisor.reference;

import java.math.BigInteger;

/// IEEE 754 as a definition rather than an algorithm: operands become exact fractions, the result
/// is computed without any rounding, and [#round] picks the representable neighbour. Slow and plain
/// on purpose; it judges the real arithmetic and serves [ReferenceHart].
public final class FpOracle {
  public static final FpOracle SINGLE = new FpOracle(24, 127);
  public static final FpOracle DOUBLE = new FpOracle(53, 1023);

  public static final int NX = 1, UF = 2, OF = 4, DZ = 8, NV = 16;
  public static final int RNE = 0, RTZ = 1, RDN = 2, RUP = 3, RMM = 4;

  /// A result's raw bits (a boolean as 0 or 1) and the exceptions that it raised.
  public record Result(long bits, int flags) {}

  private final int precision;
  private final int greatestExponent;
  private final int leastExponent;
  private final long sign;
  private final long infinity;
  private final long quiet;

  private FpOracle(int precision, int greatestExponent) {
    this.precision = precision;
    this.greatestExponent = greatestExponent;
    this.leastExponent = 1 - greatestExponent;
    this.infinity = (2L * greatestExponent + 1) << (precision - 1);
    this.sign = Long.highestOneBit(infinity) << 1;
    this.quiet = 1L << (precision - 2);
  }

  public long canonicalNan() {
    return infinity | quiet;
  }

  private long magnitude(long a) {
    return a & (sign - 1);
  }

  public boolean negative(long a) {
    return (a & sign) != 0;
  }

  public boolean nan(long a) {
    return magnitude(a) > infinity;
  }

  private boolean signaling(long a) {
    return nan(a) && (a & quiet) == 0;
  }

  private boolean infinite(long a) {
    return magnitude(a) == infinity;
  }

  private boolean zero(long a) {
    return magnitude(a) == 0;
  }

  /// The value of a finite number.
  Fraction value(long a) {
    long field = magnitude(a) >>> (precision - 1);
    long fraction = a & ((1L << (precision - 1)) - 1);
    long whole = field == 0 ? fraction : fraction + (1L << (precision - 1));
    int exponent = (int) Math.max(field, 1) - greatestExponent - (precision - 1);
    Fraction value = Fraction.of(BigInteger.valueOf(whole)).times(Fraction.powerOfTwo(exponent));
    return negative(a) ? value.negate() : value;
  }

  private Result nanResult(long... operands) {
    for (long operand : operands) {
      if (signaling(operand)) {
        return invalid();
      }
    }
    return new Result(canonicalNan(), 0);
  }

  private Result invalid() {
    return new Result(canonicalNan(), NV);
  }

  private Result exact(long bits) {
    return new Result(bits, 0);
  }

  private long signed(boolean negative, long magnitude) {
    return negative ? sign | magnitude : magnitude;
  }

  /// Rounds a value that is not zero.
  Result round(Fraction value, int mode) {
    boolean negative = value.signum() < 0;
    int exponent = Math.max(value.exponent(), leastExponent);
    Fraction unit = Fraction.powerOfTwo(exponent - precision + 1);
    BigInteger units = roundToWhole(value.abs().over(unit), negative, mode);
    Fraction rounded = Fraction.of(units).times(unit);
    int flags = rounded.compareTo(value.abs()) == 0 ? 0 : NX;
    Fraction limit = Fraction.powerOfTwo(greatestExponent + 1);
    if (rounded.compareTo(limit) >= 0) {
      boolean stays = mode == RTZ || (mode == RDN && !negative) || (mode == RUP && negative);
      return new Result(signed(negative, stays ? infinity - 1 : infinity), OF | NX);
    }
    if (flags != 0 && tinyAfterRounding(value, mode)) {
      flags |= UF;
    }
    // Adding the exponent field to a significand with its leading one carries into it correctly.
    long field = (exponent + greatestExponent - 1L) << (precision - 1);
    return new Result(signed(negative, field + units.longValueExact()), flags);
  }

  private boolean tinyAfterRounding(Fraction value, int mode) {
    Fraction unit = Fraction.powerOfTwo(value.exponent() - precision + 1);
    BigInteger units = roundToWhole(value.abs().over(unit), value.signum() < 0, mode);
    return Fraction.of(units).times(unit).compareTo(Fraction.powerOfTwo(leastExponent)) < 0;
  }

  private static BigInteger roundToWhole(Fraction magnitude, boolean negative, int mode) {
    BigInteger[] parts = magnitude.numerator().divideAndRemainder(magnitude.denominator());
    int half = parts[1].shiftLeft(1).compareTo(magnitude.denominator());
    boolean up =
        switch (mode) {
          case RNE -> half > 0 || (half == 0 && parts[0].testBit(0));
          case RTZ -> false;
          case RDN -> negative && parts[1].signum() != 0;
          case RUP -> !negative && parts[1].signum() != 0;
          case RMM -> half >= 0;
          default -> throw new IllegalArgumentException("mode " + mode);
        };
    return up ? parts[0].add(BigInteger.ONE) : parts[0];
  }

  public Result add(long a, long b, int mode) {
    if (nan(a) || nan(b)) {
      return nanResult(a, b);
    }
    if (infinite(a) && infinite(b) && a != b) {
      return invalid();
    }
    if (infinite(a) || infinite(b)) {
      return exact(infinite(a) ? a : b);
    }
    return sum(value(a), negative(a), value(b), negative(b), mode);
  }

  /// A sum of two values whose signs count where they are zero (IEEE 754 §6.3).
  private Result sum(Fraction a, boolean aNegative, Fraction b, boolean bNegative, int mode) {
    Fraction sum = a.plus(b);
    if (sum.signum() != 0) {
      return round(sum, mode);
    }
    boolean bothZero = a.signum() == 0 && b.signum() == 0;
    boolean negative = (bothZero && aNegative == bNegative) ? aNegative : mode == RDN;
    return exact(signed(negative, 0));
  }

  public Result sub(long a, long b, int mode) {
    return add(a, b ^ sign, mode);
  }

  public Result mul(long a, long b, int mode) {
    if (nan(a) || nan(b)) {
      return nanResult(a, b);
    }
    boolean negative = negative(a) ^ negative(b);
    if (infinite(a) || infinite(b)) {
      return zero(a) || zero(b) ? invalid() : exact(signed(negative, infinity));
    }
    Fraction product = value(a).times(value(b));
    return product.signum() == 0 ? exact(signed(negative, 0)) : round(product, mode);
  }

  public Result div(long a, long b, int mode) {
    if (nan(a) || nan(b)) {
      return nanResult(a, b);
    }
    boolean negative = negative(a) ^ negative(b);
    if ((infinite(a) && infinite(b)) || (zero(a) && zero(b))) {
      return invalid();
    }
    if (infinite(a)) {
      return exact(signed(negative, infinity));
    }
    if (zero(b)) {
      return new Result(signed(negative, infinity), DZ);
    }
    if (zero(a) || infinite(b)) {
      return exact(signed(negative, 0));
    }
    return round(value(a).over(value(b)), mode);
  }

  public Result sqrt(long a, int mode) {
    if (nan(a)) {
      return nanResult(a);
    }
    if (zero(a)) {
      return exact(a);
    }
    if (negative(a)) {
      return invalid();
    }
    return infinite(a) ? exact(a) : round(value(a).squareRoot(), mode);
  }

  public Result fma(long a, long b, long c, int mode) {
    if ((infinite(a) && zero(b)) || (zero(a) && infinite(b))) {
      return invalid();
    }
    if (nan(a) || nan(b) || nan(c)) {
      return nanResult(a, b, c);
    }
    boolean negative = negative(a) ^ negative(b);
    if (infinite(a) || infinite(b)) {
      return infinite(c) && negative(c) != negative ? invalid() : exact(signed(negative, infinity));
    }
    if (infinite(c)) {
      return exact(c);
    }
    return sum(value(a).times(value(b)), negative, value(c), negative(c), mode);
  }

  public Result min(long a, long b) {
    return select(a, b, true);
  }

  public Result max(long a, long b) {
    return select(a, b, false);
  }

  private Result select(long a, long b, boolean least) {
    int flags = signaling(a) || signaling(b) ? NV : 0;
    if (nan(a) || nan(b)) {
      return new Result(nan(a) ? nan(b) ? canonicalNan() : b : a, flags);
    }
    int order = compare(a, b);
    boolean aIsLess = order < 0 || (order == 0 && negative(a));
    return new Result(aIsLess == least ? a : b, flags);
  }

  private int compare(long a, long b) {
    return extended(a).compareTo(extended(b));
  }

  private Fraction extended(long a) {
    Fraction beyond = Fraction.powerOfTwo(greatestExponent + 2);
    return infinite(a) ? negative(a) ? beyond.negate() : beyond : value(a);
  }

  public Result equal(long a, long b) {
    int flags = signaling(a) || signaling(b) ? NV : 0;
    return new Result(!nan(a) && !nan(b) && compare(a, b) == 0 ? 1 : 0, flags);
  }

  public Result less(long a, long b) {
    return nan(a) || nan(b) ? new Result(0, NV) : exact(compare(a, b) < 0 ? 1 : 0);
  }

  public Result lessOrEqual(long a, long b) {
    return nan(a) || nan(b) ? new Result(0, NV) : exact(compare(a, b) <= 0 ? 1 : 0);
  }

  public long classify(long a) {
    if (nan(a)) {
      return signaling(a) ? 1 << 8 : 1 << 9;
    }
    int kind;
    if (infinite(a)) {
      kind = 0;
    } else if (zero(a)) {
      kind = 3;
    } else {
      kind = magnitude(a) >>> (precision - 1) == 0 ? 2 : 1;
    }
    return 1L << (negative(a) ? kind : 7 - kind);
  }

  /// The number `a` of this format in format `to`.
  public Result convert(long a, FpOracle to, int mode) {
    if (nan(a)) {
      return new Result(to.canonicalNan(), signaling(a) ? NV : 0);
    }
    if (infinite(a) || zero(a)) {
      return exact(to.signed(negative(a), zero(a) ? 0 : to.infinity));
    }
    return to.round(value(a), mode);
  }

  public Result fromInteger(BigInteger value, int mode) {
    return value.signum() == 0 ? exact(0) : round(Fraction.of(value), mode);
  }

  /// An integer of `width` bits, sign-extended to 64 as a register holds it.
  public Result toInteger(long a, int width, boolean isSigned, int mode) {
    BigInteger least = isSigned ? BigInteger.ONE.shiftLeft(width - 1).negate() : BigInteger.ZERO;
    BigInteger most =
        BigInteger.ONE.shiftLeft(isSigned ? width - 1 : width).subtract(BigInteger.ONE);
    BigInteger chosen;
    int flags;
    if (nan(a) || infinite(a)) {
      chosen = nan(a) || !negative(a) ? most : least;
      flags = NV;
    } else {
      Fraction value = value(a);
      BigInteger whole = roundToWhole(value.abs(), negative(a), mode);
      whole = negative(a) ? whole.negate() : whole;
      chosen = whole.max(least).min(most);
      if (!chosen.equals(whole)) {
        flags = NV;
      } else {
        flags = Fraction.of(whole).compareTo(value) == 0 ? 0 : NX;
      }
    }
    long low = chosen.longValue();
    return new Result(width == 32 ? (int) low : low, flags);
  }
}
