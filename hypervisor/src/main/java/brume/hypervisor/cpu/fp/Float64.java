package brume.hypervisor.cpu.fp;

import static brume.hypervisor.cpu.fp.BinaryFormat.DOUBLE;

/// IEEE 754 binary64 on raw bits.
///
/// The host's own arithmetic answers where it provably gives the same bits and flags: it rounds to
/// nearest even, so its result stands when it is an ordinary normal number and either inexactness
/// is already recorded or the error term shows whether there is any; an exact result stands in
/// every mode. All else goes to [ExactArithmetic].
public final class Float64 {
  private static final long SIGN = Long.MIN_VALUE;
  public static final long INFINITY = 0x7ff0_0000_0000_0000L;
  public static final long CANONICAL_NAN = 0x7ff8_0000_0000_0000L;

  /// A host result is ordinary when its biased exponent is 2 to 2045: one may have been tiny before
  /// it was rounded.
  public static final long ORDINARY_LEAST = 2L << 52;

  public static final long ORDINARY_MOST = (2046L << 52) - 1;

  private static final long ORDINARY_SPAN = 2044L << 52;

  /// From this biased exponent on, the error of a product, quotient or root is itself a double.
  private static final long ERROR_EXACT_LEAST = 128L << 52;

  private static final long ERROR_EXACT_SPAN = (2046L - 128) << 52;

  private Float64() {}

  /// Whether a host result is surely right but for inexactness.
  public static boolean ordinary(double result) {
    long magnitude = Double.doubleToRawLongBits(result) & ~SIGN;
    return Long.compareUnsigned(magnitude - ORDINARY_LEAST, ORDINARY_SPAN) < 0;
  }

  private static boolean errorIsExact(double value) {
    long magnitude = Double.doubleToRawLongBits(value) & ~SIGN;
    return Long.compareUnsigned(magnitude - ERROR_EXACT_LEAST, ERROR_EXACT_SPAN) < 0;
  }

  /// Whether a host result that is known to be ordinary stands, given that it is exact or not.
  private static boolean stands(boolean exact, int mode, FpFlags flags) {
    if (exact) {
      return true;
    }
    if (mode == Rounding.RNE) {
      flags.raise(FpFlags.NX);
      return true;
    }
    return false;
  }

  private static boolean hostSuffices(int mode, FpFlags flags) {
    return mode == Rounding.RNE && flags.alreadyInexact();
  }

  public static long add(long a, long b, int mode, FpFlags flags) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double sum = x + y;
    if (ordinary(sum)) {
      if (hostSuffices(mode, flags)) {
        return Double.doubleToRawLongBits(sum);
      }
      // Knuth's TwoSum; an overflow inside it shows as an error that is not finite.
      double part = sum - x;
      double error = (x - (sum - part)) + (y - part);
      if (Double.isFinite(error) && stands(error == 0, mode, flags)) {
        return Double.doubleToRawLongBits(sum);
      }
    }
    return ExactArithmetic.add(DOUBLE, a, b, mode, flags);
  }

  public static long sub(long a, long b, int mode, FpFlags flags) {
    return Double.isNaN(Double.longBitsToDouble(b))
        ? add(a, b, mode, flags)
        : add(a, b ^ SIGN, mode, flags);
  }

  public static long mul(long a, long b, int mode, FpFlags flags) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double product = x * y;
    if (ordinary(product)) {
      if (hostSuffices(mode, flags)) {
        return Double.doubleToRawLongBits(product);
      }
      if (errorIsExact(product) && stands(Math.fma(x, y, -product) == 0, mode, flags)) {
        return Double.doubleToRawLongBits(product);
      }
    }
    return ExactArithmetic.multiply(DOUBLE, a, b, mode, flags);
  }

  public static long div(long a, long b, int mode, FpFlags flags) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double quotient = x / y;
    if (ordinary(quotient)) {
      if (hostSuffices(mode, flags)) {
        return Double.doubleToRawLongBits(quotient);
      }
      if (errorIsExact(x) && stands(Math.fma(-quotient, y, x) == 0, mode, flags)) {
        return Double.doubleToRawLongBits(quotient);
      }
    }
    return ExactArithmetic.divide(DOUBLE, a, b, mode, flags);
  }

  public static long sqrt(long a, int mode, FpFlags flags) {
    double x = Double.longBitsToDouble(a);
    double root = Math.sqrt(x);
    if (ordinary(root)) {
      if (hostSuffices(mode, flags)) {
        return Double.doubleToRawLongBits(root);
      }
      if (errorIsExact(x) && stands(Math.fma(-root, root, x) == 0, mode, flags)) {
        return Double.doubleToRawLongBits(root);
      }
    }
    return ExactArithmetic.squareRoot(DOUBLE, a, mode, flags);
  }

  /// `a * b + c` rounded once. The negated forms flip signs of operands: `fmsub` that of `c`,
  /// `fnmsub` that of `a`, `fnmadd` both.
  public static long fma(long a, long b, long c, int mode, FpFlags flags) {
    if (hostSuffices(mode, flags)) {
      double result =
          Math.fma(
              Double.longBitsToDouble(a), Double.longBitsToDouble(b), Double.longBitsToDouble(c));
      if (ordinary(result)) {
        return Double.doubleToRawLongBits(result);
      }
    }
    return ExactArithmetic.fusedMultiplyAdd(DOUBLE, a, b, c, mode, flags);
  }

  public static boolean isNan(long a) {
    return (a & ~SIGN) > INFINITY;
  }

  public static boolean isSignalingNan(long a) {
    return isNan(a) && (a & CANONICAL_NAN) != CANONICAL_NAN;
  }

  /// minimumNumber of IEEE 754-2019: a NaN loses against a number, and -0 is less than +0.
  public static long min(long a, long b, FpFlags flags) {
    if (isNan(a) || isNan(b)) {
      return numberOfPair(a, b, flags);
    }
    return totalOrder(a) <= totalOrder(b) ? a : b;
  }

  /// maximumNumber of IEEE 754-2019.
  public static long max(long a, long b, FpFlags flags) {
    if (isNan(a) || isNan(b)) {
      return numberOfPair(a, b, flags);
    }
    return totalOrder(a) >= totalOrder(b) ? a : b;
  }

  private static long numberOfPair(long a, long b, FpFlags flags) {
    if (isSignalingNan(a) || isSignalingNan(b)) {
      flags.raise(FpFlags.NV);
    }
    if (!isNan(a)) {
      return a;
    }
    return isNan(b) ? CANONICAL_NAN : b;
  }

  /// A number that orders as the value does, with -0 below +0.
  private static long totalOrder(long bits) {
    return bits < 0 ? ~bits ^ SIGN : bits;
  }

  /// `feq`: quiet, invalid only for a signaling NaN.
  public static boolean equal(long a, long b, FpFlags flags) {
    if (isSignalingNan(a) || isSignalingNan(b)) {
      flags.raise(FpFlags.NV);
    }
    return Double.longBitsToDouble(a) == Double.longBitsToDouble(b);
  }

  /// `flt`: invalid for any NaN.
  public static boolean less(long a, long b, FpFlags flags) {
    if (isNan(a) || isNan(b)) {
      flags.raise(FpFlags.NV);
      return false;
    }
    return Double.longBitsToDouble(a) < Double.longBitsToDouble(b);
  }

  /// `fle`: invalid for any NaN.
  public static boolean lessOrEqual(long a, long b, FpFlags flags) {
    if (isNan(a) || isNan(b)) {
      flags.raise(FpFlags.NV);
      return false;
    }
    return Double.longBitsToDouble(a) <= Double.longBitsToDouble(b);
  }

  /// The mask of `fclass` (unprivileged §20.9): bit 0 -inf, 1 -normal, 2 -subnormal, 3 -0, 4 +0, 5
  /// +subnormal, 6 +normal, 7 +inf, 8 signaling NaN, 9 quiet NaN.
  public static int classify(long a) {
    if (isNan(a)) {
      return isSignalingNan(a) ? 1 << 8 : 1 << 9;
    }
    long magnitude = a & ~SIGN;
    int distance;
    if (magnitude == 0) {
      distance = 0;
    } else if (magnitude < 1L << 52) {
      distance = 1;
    } else {
      distance = magnitude < INFINITY ? 2 : 3;
    }
    return a < 0 ? 1 << (3 - distance) : 1 << (4 + distance);
  }

  /// `fsgnj`: the magnitude of `a` with the sign of `b`.
  public static long copySign(long a, long b) {
    return (a & ~SIGN) | (b & SIGN);
  }

  /// `fsgnjn`.
  public static long copySignNegated(long a, long b) {
    return copySign(a, ~b);
  }

  /// `fsgnjx`.
  public static long multiplySigns(long a, long b) {
    return a ^ (b & SIGN);
  }

  public static int toFloat32(long a, int mode, FpFlags flags) {
    return (int) Conversion.toFormat(DOUBLE, BinaryFormat.SINGLE, a, mode, flags);
  }

  /// `fcvt.d.w`, always exact.
  public static long fromInt32(int value) {
    return Double.doubleToRawLongBits(value);
  }

  /// `fcvt.d.wu`, always exact.
  public static long fromUnsignedInt32(int value) {
    return Double.doubleToRawLongBits((double) Integer.toUnsignedLong(value));
  }

  public static long fromInt64(long value, int mode, FpFlags flags) {
    return Conversion.fromSigned(DOUBLE, value, mode, flags);
  }

  public static long fromUnsignedInt64(long value, int mode, FpFlags flags) {
    return Conversion.fromUnsigned(DOUBLE, value, mode, flags);
  }

  public static int toInt32(long a, int mode, FpFlags flags) {
    double value = Double.longBitsToDouble(a);
    int whole = (int) value;
    // The cast saturates, so an equal value was in range; -0 and 0 are both 0.
    if (whole == value) {
      return whole;
    }
    return (int) Conversion.toSigned(DOUBLE, a, Integer.MIN_VALUE, Integer.MAX_VALUE, mode, flags);
  }

  public static int toUnsignedInt32(long a, int mode, FpFlags flags) {
    return (int) Conversion.toUnsigned(DOUBLE, a, 0xffff_ffffL, mode, flags);
  }

  public static long toInt64(long a, int mode, FpFlags flags) {
    double value = Double.longBitsToDouble(a);
    long whole = (long) value;
    // 2^63 saturates to a long that compares equal to it: leave that one to the exact way.
    if (whole == value && whole != Long.MAX_VALUE) {
      return whole;
    }
    return Conversion.toSigned(DOUBLE, a, Long.MIN_VALUE, Long.MAX_VALUE, mode, flags);
  }

  public static long toUnsignedInt64(long a, int mode, FpFlags flags) {
    return Conversion.toUnsigned(DOUBLE, a, -1L, mode, flags);
  }
}
