package brume.hypervisor.cpu.fp;

/// An IEEE 754 binary interchange format of at most 64 bits, held in the low bits of a long.
///
/// The exact operations work on unpacked numbers: a significand whose leading one stands at bit 63
/// and an exponent `e`, meaning `significand * 2^(e - 63)`. Bit 0 of a significand may be *sticky*:
/// set when anything but zero lies below it. As every format drops at least 11 bits when it packs,
/// a sticky bit never reaches the half-unit position.
record BinaryFormat(int fractionBits, int exponentBits) {
  static final BinaryFormat SINGLE = new BinaryFormat(23, 8);
  static final BinaryFormat DOUBLE = new BinaryFormat(52, 11);

  BinaryFormat {
    if (fractionBits < 2 || exponentBits < 2 || fractionBits > 52 || exponentBits > 11) {
      throw new IllegalArgumentException(
          "fraction of " + fractionBits + " bits and exponent of " + exponentBits + " bits");
    }
  }

  private int exponentMask() {
    return (1 << exponentBits) - 1;
  }

  int bias() {
    return exponentMask() >> 1;
  }

  long infinity() {
    return (long) exponentMask() << fractionBits;
  }

  long canonicalNan() {
    return infinity() | 1L << (fractionBits - 1);
  }

  long signBit() {
    return 1L << (fractionBits + exponentBits);
  }

  long signed(boolean negative, long magnitude) {
    return negative ? magnitude | signBit() : magnitude;
  }

  long magnitude(long bits) {
    return bits & (signBit() - 1);
  }

  boolean negative(long bits) {
    return (bits & signBit()) != 0;
  }

  boolean isNan(long bits) {
    return magnitude(bits) > infinity();
  }

  boolean isSignalingNan(long bits) {
    return isNan(bits) && (bits & 1L << (fractionBits - 1)) == 0;
  }

  boolean isInfinite(long bits) {
    return magnitude(bits) == infinity();
  }

  boolean isZero(long bits) {
    return magnitude(bits) == 0;
  }

  boolean isSubnormal(long bits) {
    return !isZero(bits) && biasedExponent(bits) == 0;
  }

  private int biasedExponent(long bits) {
    return (int) (bits >>> fractionBits) & exponentMask();
  }

  private long fraction(long bits) {
    return bits & ((1L << fractionBits) - 1);
  }

  /// The significand of a finite number that is not zero, its leading one at bit 63.
  long significand(long bits) {
    long fraction = fraction(bits);
    return biasedExponent(bits) == 0
        ? fraction << Long.numberOfLeadingZeros(fraction)
        : (fraction | 1L << fractionBits) << (63 - fractionBits);
  }

  /// The exponent of a finite number that is not zero, that of its leading one.
  int exponent(long bits) {
    int biased = biasedExponent(bits);
    if (biased != 0) {
      return biased - bias();
    }
    int leadingOne = 63 - Long.numberOfLeadingZeros(fraction(bits));
    return leadingOne - fractionBits + 1 - bias();
  }

  /// A NaN operand's result: canonical always, and invalid when any operand signals.
  long propagateNan(long a, long b, FpFlags flags) {
    if (isSignalingNan(a) || isSignalingNan(b)) {
      flags.raise(FpFlags.NV);
    }
    return canonicalNan();
  }

  long invalid(FpFlags flags) {
    flags.raise(FpFlags.NV);
    return canonicalNan();
  }

  /// Rounds an unpacked number into this format.
  long pack(boolean negative, int exponent, long significand, int mode, FpFlags flags) {
    int biased = exponent + bias();
    if (biased <= 0) {
      return packSubnormal(negative, biased, significand, mode, flags);
    }
    int drop = 63 - fractionBits;
    long kept = significand >>> drop;
    long dropped = significand & ((1L << drop) - 1);
    if (roundsAway(mode, negative, kept, dropped)) {
      kept++;
      if (kept >>> (fractionBits + 1) != 0) {
        kept >>>= 1;
        biased++;
      }
    }
    if (biased >= exponentMask()) {
      return overflow(negative, mode, flags);
    }
    if (dropped != 0) {
      flags.raise(FpFlags.NX);
    }
    return signed(negative, (long) biased << fractionBits | fraction(kept));
  }

  private long packSubnormal(
      boolean negative, int biased, long significand, int mode, FpFlags flags) {
    int drop = 63 - fractionBits;
    long mask = (1L << drop) - 1;
    // Tininess is judged after rounding with an unbounded exponent (unprivileged §20.2).
    boolean tiny = true;
    if (biased == 0) {
      long unbounded = significand >>> drop;
      boolean away = roundsAway(mode, negative, unbounded, significand & mask);
      tiny = !away || (unbounded + 1) >>> (fractionBits + 1) == 0;
    }
    long shifted = shiftRightSticky(significand, 1 - biased);
    long kept = shifted >>> drop;
    long dropped = shifted & mask;
    if (roundsAway(mode, negative, kept, dropped)) {
      // A carry into the exponent field makes the smallest normal number, as it should.
      kept++;
    }
    if (dropped != 0) {
      flags.raise(tiny ? FpFlags.NX | FpFlags.UF : FpFlags.NX);
    }
    return signed(negative, kept);
  }

  private boolean roundsAway(int mode, boolean negative, long kept, long dropped) {
    long half = 1L << (62 - fractionBits);
    return Rounding.roundsAway(
        mode, negative, (kept & 1) != 0, Long.compare(dropped, half), dropped != 0);
  }

  private long overflow(boolean negative, int mode, FpFlags flags) {
    flags.raise(FpFlags.OF | FpFlags.NX);
    boolean toInfinity =
        switch (mode) {
          case Rounding.RTZ -> false;
          case Rounding.RDN -> negative;
          case Rounding.RUP -> !negative;
          default -> true;
        };
    return signed(negative, toInfinity ? infinity() : infinity() - 1);
  }

  /// `value >>> count` with what falls out gathered in bit 0.
  static long shiftRightSticky(long value, int count) {
    if (count == 0) {
      return value;
    }
    if (count >= 64) {
      return value != 0 ? 1 : 0;
    }
    return value >>> count | (value << -count != 0 ? 1 : 0);
  }
}
