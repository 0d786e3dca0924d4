package brume.hypervisor.cpu.fp;

/// The operations with integers only, right in every case and rounding mode; what is faster stands
/// before it in [Float32] and [Float64].
final class ExactArithmetic {
  private ExactArithmetic() {}

  static long add(BinaryFormat f, long a, long b, int mode, FpFlags flags) {
    if (f.isNan(a) || f.isNan(b)) {
      return f.propagateNan(a, b, flags);
    }
    if (f.isInfinite(a)) {
      return f.isInfinite(b) && a != b ? f.invalid(flags) : a;
    }
    if (f.isInfinite(b) || f.isZero(a)) {
      return f.isZero(a) && f.isZero(b) ? sumOfZeros(f, a, b, mode) : b;
    }
    if (f.isZero(b)) {
      return a;
    }
    return f.magnitude(a) >= f.magnitude(b)
        ? addOrdered(f, a, b, mode, flags)
        : addOrdered(f, b, a, mode, flags);
  }

  private static long sumOfZeros(BinaryFormat f, long a, long b, int mode) {
    return a == b ? a : exactZero(f, mode);
  }

  /// The zero that two opposite numbers sum to (IEEE 754 §6.3).
  private static long exactZero(BinaryFormat f, int mode) {
    return f.signed(mode == Rounding.RDN, 0);
  }

  /// Finite, not zero, `|a| >= |b|`. Both significands make room of two bits above; their low bits
  /// are zero, so a sticky bit appears only where the exponents differ by more than one, and then a
  /// difference loses at most one leading bit.
  private static long addOrdered(BinaryFormat f, long a, long b, int mode, FpFlags flags) {
    int exponent = f.exponent(a);
    long large = f.significand(a) >>> 2;
    long small = BinaryFormat.shiftRightSticky(f.significand(b) >>> 2, exponent - f.exponent(b));
    boolean negative = f.negative(a);
    long sum = negative == f.negative(b) ? large + small : large - small;
    if (sum == 0) {
      return exactZero(f, mode);
    }
    int shift = Long.numberOfLeadingZeros(sum);
    return f.pack(negative, exponent + 2 - shift, sum << shift, mode, flags);
  }

  static long multiply(BinaryFormat f, long a, long b, int mode, FpFlags flags) {
    if (f.isNan(a) || f.isNan(b)) {
      return f.propagateNan(a, b, flags);
    }
    boolean negative = f.negative(a) != f.negative(b);
    if (f.isInfinite(a) || f.isInfinite(b)) {
      return f.isZero(a) || f.isZero(b) ? f.invalid(flags) : f.signed(negative, f.infinity());
    }
    if (f.isZero(a) || f.isZero(b)) {
      return f.signed(negative, 0);
    }
    long x = f.significand(a);
    long y = f.significand(b);
    long high = Math.unsignedMultiplyHigh(x, y);
    long low = x * y;
    int exponent = f.exponent(a) + f.exponent(b) + 1;
    if (high >= 0) {
      high = high << 1 | low >>> 63;
      low <<= 1;
      exponent--;
    }
    return f.pack(negative, exponent, high | (low != 0 ? 1 : 0), mode, flags);
  }

  static long divide(BinaryFormat f, long a, long b, int mode, FpFlags flags) {
    if (f.isNan(a) || f.isNan(b)) {
      return f.propagateNan(a, b, flags);
    }
    boolean negative = f.negative(a) != f.negative(b);
    if (f.isInfinite(a)) {
      return f.isInfinite(b) ? f.invalid(flags) : f.signed(negative, f.infinity());
    }
    if (f.isInfinite(b)) {
      return f.signed(negative, 0);
    }
    if (f.isZero(b)) {
      if (f.isZero(a)) {
        return f.invalid(flags);
      }
      flags.raise(FpFlags.DZ);
      return f.signed(negative, f.infinity());
    }
    if (f.isZero(a)) {
      return f.signed(negative, 0);
    }
    // 53 bits suffice for either format and leave room for ten quotient bits a step.
    long dividend = f.significand(a) >>> 11;
    long divisor = f.significand(b) >>> 11;
    int exponent = f.exponent(a) - f.exponent(b);
    if (dividend < divisor) {
      dividend <<= 1;
      exponent--;
    }
    long quotient = 1;
    long remainder = dividend - divisor;
    for (int step = 0; step < 6; step++) {
      remainder <<= 10;
      quotient = quotient << 10 | remainder / divisor;
      remainder %= divisor;
    }
    return f.pack(negative, exponent, quotient << 3 | (remainder != 0 ? 1 : 0), mode, flags);
  }

  static long squareRoot(BinaryFormat f, long a, int mode, FpFlags flags) {
    if (f.isNan(a)) {
      return f.propagateNan(a, a, flags);
    }
    if (f.isZero(a)) {
      return a;
    }
    if (f.negative(a)) {
      return f.invalid(flags);
    }
    if (f.isInfinite(a)) {
      return a;
    }
    int exponent = f.exponent(a);
    // a = radicand * 2^(even exponent - 52), the radicand of 53 or 54 bits.
    long radicand = f.significand(a) >>> 11 << (exponent & 1);
    long root = 0;
    long remainder = 0;
    for (int pair = 0; pair < 56; pair++) {
      long next = pair < 27 ? radicand >>> (52 - 2 * pair) & 3 : 0;
      remainder = remainder << 2 | next;
      long trial = root << 2 | 1;
      root <<= 1;
      if (remainder >= trial) {
        remainder -= trial;
        root |= 1;
      }
    }
    return f.pack(false, exponent >> 1, root << 8 | (remainder != 0 ? 1 : 0), mode, flags);
  }

  /// `a * b + c` rounded once.
  static long fusedMultiplyAdd(BinaryFormat f, long a, long b, long c, int mode, FpFlags flags) {
    boolean infiniteTimesZero =
        (f.isInfinite(a) && f.isZero(b)) || (f.isZero(a) && f.isInfinite(b));
    if (infiniteTimesZero) {
      // Invalid even where c is a quiet NaN (unprivileged §20.6).
      return f.invalid(flags);
    }
    if (f.isNan(a) || f.isNan(b) || f.isNan(c)) {
      if (f.isSignalingNan(c)) {
        flags.raise(FpFlags.NV);
      }
      return f.propagateNan(a, b, flags);
    }
    boolean negative = f.negative(a) != f.negative(b);
    if (f.isInfinite(a) || f.isInfinite(b)) {
      return f.isInfinite(c) && f.negative(c) != negative
          ? f.invalid(flags)
          : f.signed(negative, f.infinity());
    }
    if (f.isInfinite(c)) {
      return c;
    }
    if (f.isZero(a) || f.isZero(b)) {
      return f.isZero(c) ? sumOfZeros(f, f.signed(negative, 0), c, mode) : c;
    }
    if (f.isZero(c)) {
      return multiply(f, a, b, mode, flags);
    }
    return addToProduct(f, a, b, c, mode, flags);
  }

  /// All finite and not zero. The exact product and the addend stand in 128 bits with their leading
  /// ones at bit 125; the product has at least 20 zero bits below.
  private static long addToProduct(
      BinaryFormat f, long a, long b, long c, int mode, FpFlags flags) {
    long x = f.significand(a);
    long y = f.significand(b);
    int exponent = f.exponent(a) + f.exponent(b) + 1;
    long high = Math.unsignedMultiplyHigh(x, y);
    long low = x * y;
    int normalise = high < 0 ? 2 : 1;
    if (high >= 0) {
      exponent--;
    }
    low = low >>> normalise | high << -normalise;
    high >>>= normalise;
    long addendHigh = f.significand(c) >>> 2;
    long addendLow = 0;
    int addendExponent = f.exponent(c);
    boolean negative = f.negative(a) != f.negative(b);
    boolean differ = negative != f.negative(c);

    boolean addendLarger =
        addendExponent > exponent
            || (addendExponent == exponent && Long.compareUnsigned(addendHigh, high) > 0);
    if (addendLarger) {
      int distance = addendExponent - exponent;
      long shiftedHigh = shiftHigh(high, distance);
      long shiftedLow = shiftLowSticky(high, low, distance);
      high = addendHigh;
      low = addendLow;
      addendHigh = shiftedHigh;
      addendLow = shiftedLow;
      exponent = addendExponent;
      negative = f.negative(c);
    } else {
      int distance = exponent - addendExponent;
      addendLow = shiftLowSticky(addendHigh, 0, distance);
      addendHigh = shiftHigh(addendHigh, distance);
    }
    if (differ) {
      long borrow = Long.compareUnsigned(low, addendLow) < 0 ? 1 : 0;
      low -= addendLow;
      high -= addendHigh + borrow;
    } else {
      low += addendLow;
      high += addendHigh + (Long.compareUnsigned(low, addendLow) < 0 ? 1 : 0);
    }
    if ((high | low) == 0) {
      return exactZero(f, mode);
    }
    int shift = high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
    long significand = shiftLeftToHigh(high, low, shift);
    boolean rest = shift < 64 && low << shift != 0;
    return f.pack(negative, exponent + 2 - shift, significand | (rest ? 1 : 0), mode, flags);
  }

  private static long shiftHigh(long high, int count) {
    return count < 64 ? high >>> count : 0;
  }

  private static long shiftLowSticky(long high, long low, int count) {
    if (count == 0) {
      return low;
    }
    if (count < 64) {
      return high << -count | low >>> count | (low << -count != 0 ? 1 : 0);
    }
    if (count < 128) {
      boolean lost = low != 0 || (count > 64 && high << -count != 0);
      return high >>> (count - 64) | (lost ? 1 : 0);
    }
    return 1;
  }

  private static long shiftLeftToHigh(long high, long low, int count) {
    if (count == 0) {
      return high;
    }
    return count < 64 ? high << count | low >>> -count : low << (count - 64);
  }
}
