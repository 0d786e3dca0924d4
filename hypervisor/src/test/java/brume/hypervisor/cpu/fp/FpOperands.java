package brume.hypervisor.cpu.fp;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Operands that find mistakes: the edges of a format, and random numbers whose exponents lie close
/// enough together for rounding, cancellation and subnormal results to happen.
final class FpOperands {
  private final int fractionBits;
  private final int exponentBits;
  private final SplittableRandom random;

  FpOperands(int fractionBits, int exponentBits, long seed) {
    this.fractionBits = fractionBits;
    this.exponentBits = exponentBits;
    this.random = new SplittableRandom(seed);
  }

  private long of(boolean negative, long exponent, long fraction) {
    return (negative ? 1L << (fractionBits + exponentBits) : 0)
        | exponent << fractionBits
        | fraction;
  }

  List<Long> edges() {
    long ones = (1L << fractionBits) - 1;
    long quiet = 1L << (fractionBits - 1);
    long top = (1L << exponentBits) - 1;
    long bias = top >> 1;
    List<Long> result = new ArrayList<>();
    for (boolean negative : new boolean[] {false, true}) {
      for (long exponent :
          new long[] {0, 1, 2, bias - fractionBits - 1, bias - 1, bias, bias + 1, top - 1}) {
        for (long fraction : new long[] {0, 1, quiet, ones - 1, ones}) {
          result.add(of(negative, exponent, fraction));
        }
      }
      for (long integerBits : new long[] {30, 31, 32, 62, 63, 64}) {
        result.add(of(negative, bias + integerBits, 0));
        result.add(of(negative, bias + integerBits - 1, ones));
      }
      result.add(of(negative, top, 0));
      result.add(of(negative, top, 1));
      result.add(of(negative, top, quiet));
      result.add(of(negative, top, quiet | 5));
    }
    return result;
  }

  /// Random bits of a random shape: dense, sparse, or long runs of ones.
  private long fraction() {
    long bits = random.nextLong();
    bits =
        switch (random.nextInt(4)) {
          case 0 -> bits & random.nextLong() & random.nextLong();
          case 1 -> bits | random.nextLong() | random.nextLong();
          case 2 -> bits << random.nextInt(64);
          default -> bits;
        };
    return bits & ((1L << fractionBits) - 1);
  }

  long any() {
    long top = (1L << exponentBits) - 1;
    long bias = top >> 1;
    long exponent =
        switch (random.nextInt(6)) {
          case 0 -> random.nextInt(4);
          case 1 -> top - random.nextInt(4);
          case 2 -> bias / 2 + random.nextInt(-fractionBits, fractionBits);
          case 3 -> random.nextLong(top + 1);
          default -> bias + random.nextInt(-70, 70);
        };
    return of(random.nextBoolean(), Math.clamp(exponent, 0, top), fraction());
  }

  /// An addend near the product `a * b`, so that a fused sum cancels or rounds.
  long near(double value) {
    double moved = Math.scalb(value, random.nextInt(-3, 3));
    long bits =
        fractionBits == 52
            ? Double.doubleToRawLongBits(moved)
            : Integer.toUnsignedLong(Float.floatToRawIntBits((float) moved));
    long sign = random.nextBoolean() ? 1L << (fractionBits + exponentBits) : 0;
    return random.nextInt(3) == 0 ? bits ^ sign : bits ^ sign ^ random.nextInt(4);
  }
}
