package brume.hypervisor.cpu.fp;

/// Between floating-point formats and integers, exactly and in every rounding mode.
final class Conversion {
  private Conversion() {}

  static long toFormat(BinaryFormat from, BinaryFormat to, long bits, int mode, FpFlags flags) {
    if (from.isNan(bits)) {
      if (from.isSignalingNan(bits)) {
        flags.raise(FpFlags.NV);
      }
      return to.canonicalNan();
    }
    boolean negative = from.negative(bits);
    if (from.isInfinite(bits)) {
      return to.signed(negative, to.infinity());
    }
    if (from.isZero(bits)) {
      return to.signed(negative, 0);
    }
    return to.pack(negative, from.exponent(bits), from.significand(bits), mode, flags);
  }

  static long fromSigned(BinaryFormat to, long value, int mode, FpFlags flags) {
    return fromMagnitude(to, value < 0, value < 0 ? -value : value, mode, flags);
  }

  static long fromUnsigned(BinaryFormat to, long value, int mode, FpFlags flags) {
    return fromMagnitude(to, false, value, mode, flags);
  }

  private static long fromMagnitude(
      BinaryFormat to, boolean negative, long magnitude, int mode, FpFlags flags) {
    if (magnitude == 0) {
      return 0;
    }
    int shift = Long.numberOfLeadingZeros(magnitude);
    long significand = magnitude << shift;
    return to.pack(negative, 63 - shift, significand, mode, flags);
  }

  /// Rounds to an integer in `[least, greatest]`, both compared as signed numbers; outside it the
  /// nearer end with `NV` and nothing else. A NaN gives `greatest` (unprivileged §20.7).
  static long toSigned(
      BinaryFormat from, long bits, long least, long greatest, int mode, FpFlags flags) {
    if (from.isNan(bits)) {
      flags.raise(FpFlags.NV);
      return greatest;
    }
    boolean negative = from.negative(bits);
    if (from.isZero(bits)) {
      return 0;
    }
    // A limit's magnitude, unsigned: 2^63 for the least long.
    long limit = negative ? -least : greatest;
    boolean outside = from.isInfinite(bits) || from.exponent(bits) > 63;
    long magnitude = outside ? 0 : roundedMagnitude(from, bits, mode);
    if (outside || Long.compareUnsigned(magnitude, limit) > 0) {
      flags.raise(FpFlags.NV);
      return negative ? least : greatest;
    }
    raiseInexact(from, bits, flags);
    return negative ? -magnitude : magnitude;
  }

  /// Rounds to an integer in `[0, greatest]`, compared as unsigned numbers.
  static long toUnsigned(BinaryFormat from, long bits, long greatest, int mode, FpFlags flags) {
    if (from.isNan(bits)) {
      flags.raise(FpFlags.NV);
      return greatest;
    }
    boolean negative = from.negative(bits);
    if (from.isZero(bits)) {
      return 0;
    }
    boolean outside = from.isInfinite(bits) || from.exponent(bits) > 63;
    long magnitude = outside ? 0 : roundedMagnitude(from, bits, mode);
    if (outside || Long.compareUnsigned(magnitude, negative ? 0 : greatest) > 0) {
      flags.raise(FpFlags.NV);
      return negative ? 0 : greatest;
    }
    raiseInexact(from, bits, flags);
    return magnitude;
  }

  /// Of a number below 2^64.
  private static long roundedMagnitude(BinaryFormat from, long bits, int mode) {
    int exponent = from.exponent(bits);
    long whole = wholePart(from, bits);
    long fraction = fractionPart(from, bits);
    int comparedWithHalf = exponent < -1 ? -1 : Long.compareUnsigned(fraction, Long.MIN_VALUE);
    boolean away =
        Rounding.roundsAway(
            mode, from.negative(bits), (whole & 1) != 0, comparedWithHalf, fraction != 0);
    return away ? whole + 1 : whole;
  }

  private static void raiseInexact(BinaryFormat from, long bits, FpFlags flags) {
    if (fractionPart(from, bits) != 0) {
      flags.raise(FpFlags.NX);
    }
  }

  private static long wholePart(BinaryFormat from, long bits) {
    int exponent = from.exponent(bits);
    return exponent < 0 ? 0 : from.significand(bits) >>> (63 - exponent);
  }

  /// What stands behind the point, its first bit at bit 63; anything but zero below 2^-1.
  private static long fractionPart(BinaryFormat from, long bits) {
    int exponent = from.exponent(bits);
    if (exponent < 0) {
      return from.significand(bits);
    }
    return exponent == 63 ? 0 : from.significand(bits) << (exponent + 1);
  }
}
