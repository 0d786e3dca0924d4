package brume.hypervisor.cpu.fp;

import static brume.hypervisor.cpu.fp.BinaryFormat.SINGLE;

/// IEEE 754 binary32 on raw bits, without NaN boxing except in [#box] and [#unbox].
///
/// The host's own arithmetic answers where it provably gives the same bits and flags: it rounds to
/// nearest even, so its result stands when it is an ordinary normal number and either inexactness
/// is already recorded or the error term shows whether there is any; an exact result stands in
/// every mode. All else goes to [ExactArithmetic].
public final class Float32 {
  private static final int SIGN = Integer.MIN_VALUE;
  private static final int INFINITY = 0x7f80_0000;
  public static final int CANONICAL_NAN = 0x7fc0_0000;

  /// A host result is ordinary when its biased exponent is 2 to 253: one may have been tiny before
  /// it was rounded.
  public static final int ORDINARY_LEAST = 2 << 23;

  public static final int ORDINARY_MOST = (254 << 23) - 1;

  private static final int ORDINARY_SPAN = 252 << 23;

  private Float32() {}

  /// Whether a host result is surely right but for inexactness.
  public static boolean ordinary(float result) {
    int magnitude = Float.floatToRawIntBits(result) & ~SIGN;
    return Integer.compareUnsigned(magnitude - ORDINARY_LEAST, ORDINARY_SPAN) < 0;
  }

  private static long wide(int bits) {
    return Integer.toUnsignedLong(bits);
  }

  /// As a 64-bit floating-point register holds a single (unprivileged §21.2).
  public static long box(int bits) {
    return 0xffff_ffff_0000_0000L | bits;
  }

  /// The single in a 64-bit register; the canonical NaN when it is not boxed properly.
  public static int unbox(long register) {
    return register >>> 32 == 0xffff_ffffL ? (int) register : CANONICAL_NAN;
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

  public static int add(int a, int b, int mode, FpFlags flags) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float sum = x + y;
    if (ordinary(sum)) {
      if (hostSuffices(mode, flags)) {
        return Float.floatToRawIntBits(sum);
      }
      // Knuth's TwoSum; an overflow inside it shows as an error that is not finite.
      float part = sum - x;
      float error = (x - (sum - part)) + (y - part);
      if (Float.isFinite(error) && stands(error == 0, mode, flags)) {
        return Float.floatToRawIntBits(sum);
      }
    }
    return (int) ExactArithmetic.add(SINGLE, wide(a), wide(b), mode, flags);
  }

  public static int sub(int a, int b, int mode, FpFlags flags) {
    return Float.isNaN(Float.intBitsToFloat(b))
        ? add(a, b, mode, flags)
        : add(a, b ^ SIGN, mode, flags);
  }

  public static int mul(int a, int b, int mode, FpFlags flags) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float product = x * y;
    if (ordinary(product)) {
      if (hostSuffices(mode, flags)) {
        return Float.floatToRawIntBits(product);
      }
      // A product of two singles is exact as a double.
      if (stands((double) x * y == product, mode, flags)) {
        return Float.floatToRawIntBits(product);
      }
    }
    return (int) ExactArithmetic.multiply(SINGLE, wide(a), wide(b), mode, flags);
  }

  public static int div(int a, int b, int mode, FpFlags flags) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float quotient = x / y;
    if (ordinary(quotient)) {
      if (hostSuffices(mode, flags)) {
        return Float.floatToRawIntBits(quotient);
      }
      if (stands((double) quotient * y == x, mode, flags)) {
        return Float.floatToRawIntBits(quotient);
      }
    }
    return (int) ExactArithmetic.divide(SINGLE, wide(a), wide(b), mode, flags);
  }

  public static int sqrt(int a, int mode, FpFlags flags) {
    float x = Float.intBitsToFloat(a);
    float root = (float) Math.sqrt(x);
    if (ordinary(root)) {
      if (hostSuffices(mode, flags)) {
        return Float.floatToRawIntBits(root);
      }
      if (stands((double) root * root == x, mode, flags)) {
        return Float.floatToRawIntBits(root);
      }
    }
    return (int) ExactArithmetic.squareRoot(SINGLE, wide(a), mode, flags);
  }

  /// `a * b + c` rounded once. The negated forms flip signs of operands: `fmsub` that of `c`,
  /// `fnmsub` that of `a`, `fnmadd` both.
  public static int fma(int a, int b, int c, int mode, FpFlags flags) {
    if (hostSuffices(mode, flags)) {
      float result =
          Math.fma(Float.intBitsToFloat(a), Float.intBitsToFloat(b), Float.intBitsToFloat(c));
      if (ordinary(result)) {
        return Float.floatToRawIntBits(result);
      }
    }
    return (int) ExactArithmetic.fusedMultiplyAdd(SINGLE, wide(a), wide(b), wide(c), mode, flags);
  }

  public static boolean isNan(int a) {
    return (a & ~SIGN) > INFINITY;
  }

  public static boolean isSignalingNan(int a) {
    return isNan(a) && (a & CANONICAL_NAN) != CANONICAL_NAN;
  }

  /// minimumNumber of IEEE 754-2019: a NaN loses against a number, and -0 is less than +0.
  public static int min(int a, int b, FpFlags flags) {
    if (isNan(a) || isNan(b)) {
      return numberOfPair(a, b, flags);
    }
    return totalOrder(a) <= totalOrder(b) ? a : b;
  }

  /// maximumNumber of IEEE 754-2019.
  public static int max(int a, int b, FpFlags flags) {
    if (isNan(a) || isNan(b)) {
      return numberOfPair(a, b, flags);
    }
    return totalOrder(a) >= totalOrder(b) ? a : b;
  }

  private static int numberOfPair(int a, int b, FpFlags flags) {
    if (isSignalingNan(a) || isSignalingNan(b)) {
      flags.raise(FpFlags.NV);
    }
    if (!isNan(a)) {
      return a;
    }
    return isNan(b) ? CANONICAL_NAN : b;
  }

  /// A number that orders as the value does, with -0 below +0.
  private static int totalOrder(int bits) {
    return bits < 0 ? ~bits ^ SIGN : bits;
  }

  /// `feq`: quiet, invalid only for a signaling NaN.
  public static boolean equal(int a, int b, FpFlags flags) {
    if (isSignalingNan(a) || isSignalingNan(b)) {
      flags.raise(FpFlags.NV);
    }
    return Float.intBitsToFloat(a) == Float.intBitsToFloat(b);
  }

  /// `flt`: invalid for any NaN.
  public static boolean less(int a, int b, FpFlags flags) {
    if (isNan(a) || isNan(b)) {
      flags.raise(FpFlags.NV);
      return false;
    }
    return Float.intBitsToFloat(a) < Float.intBitsToFloat(b);
  }

  /// `fle`: invalid for any NaN.
  public static boolean lessOrEqual(int a, int b, FpFlags flags) {
    if (isNan(a) || isNan(b)) {
      flags.raise(FpFlags.NV);
      return false;
    }
    return Float.intBitsToFloat(a) <= Float.intBitsToFloat(b);
  }

  /// The mask of `fclass` (unprivileged §20.9): bit 0 -inf, 1 -normal, 2 -subnormal, 3 -0, 4 +0, 5
  /// +subnormal, 6 +normal, 7 +inf, 8 signaling NaN, 9 quiet NaN.
  public static int classify(int a) {
    if (isNan(a)) {
      return isSignalingNan(a) ? 1 << 8 : 1 << 9;
    }
    int magnitude = a & ~SIGN;
    int distance;
    if (magnitude == 0) {
      distance = 0;
    } else if (magnitude < 1 << 23) {
      distance = 1;
    } else {
      distance = magnitude < INFINITY ? 2 : 3;
    }
    return a < 0 ? 1 << (3 - distance) : 1 << (4 + distance);
  }

  /// `fsgnj`: the magnitude of `a` with the sign of `b`.
  public static int copySign(int a, int b) {
    return (a & ~SIGN) | (b & SIGN);
  }

  /// `fsgnjn`.
  public static int copySignNegated(int a, int b) {
    return copySign(a, ~b);
  }

  /// `fsgnjx`.
  public static int multiplySigns(int a, int b) {
    return a ^ (b & SIGN);
  }

  /// Exact; only a signaling NaN is invalid.
  public static long toFloat64(int a, FpFlags flags) {
    float value = Float.intBitsToFloat(a);
    if (isNan(a)) {
      if (isSignalingNan(a)) {
        flags.raise(FpFlags.NV);
      }
      return Float64.CANONICAL_NAN;
    }
    return Double.doubleToRawLongBits(value);
  }

  public static int fromInt32(int value, int mode, FpFlags flags) {
    return fromInt64(value, mode, flags);
  }

  public static int fromUnsignedInt32(int value, int mode, FpFlags flags) {
    return fromInt64(Integer.toUnsignedLong(value), mode, flags);
  }

  public static int fromInt64(long value, int mode, FpFlags flags) {
    return (int) Conversion.fromSigned(SINGLE, value, mode, flags);
  }

  public static int fromUnsignedInt64(long value, int mode, FpFlags flags) {
    return (int) Conversion.fromUnsigned(SINGLE, value, mode, flags);
  }

  public static int toInt32(int a, int mode, FpFlags flags) {
    float value = Float.intBitsToFloat(a);
    int whole = (int) value;
    // The cast saturates, so an equal value was in range; -0 and 0 are both 0.
    if (whole == value && whole != Integer.MAX_VALUE) {
      return whole;
    }
    return (int)
        Conversion.toSigned(SINGLE, wide(a), Integer.MIN_VALUE, Integer.MAX_VALUE, mode, flags);
  }

  public static int toUnsignedInt32(int a, int mode, FpFlags flags) {
    return (int) Conversion.toUnsigned(SINGLE, wide(a), 0xffff_ffffL, mode, flags);
  }

  public static long toInt64(int a, int mode, FpFlags flags) {
    float value = Float.intBitsToFloat(a);
    long whole = (long) value;
    // 2^63 saturates to a long that compares equal to it: leave that one to the exact way.
    if (whole == value && whole != Long.MAX_VALUE) {
      return whole;
    }
    return Conversion.toSigned(SINGLE, wide(a), Long.MIN_VALUE, Long.MAX_VALUE, mode, flags);
  }

  public static long toUnsignedInt64(int a, int mode, FpFlags flags) {
    return Conversion.toUnsigned(SINGLE, wide(a), -1L, mode, flags);
  }
}
