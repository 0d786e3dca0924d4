package brume.hypervisor.cpu.fp;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.FpOracle;
import brume.hypervisor.reference.FpOracle.Result;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The arithmetic against exact fractions: every pair of edge cases, then seeded random operands,
/// in every rounding mode, with and without `NX` already raised (which switches the fast paths).
class FpOracleTest {
  private static final long SEED = Long.getLong("brume.test.seed", 20_251_101L);
  private static final int RANDOM_CASES = Integer.getInteger("brume.test.fp.cases", 1_500);

  private final FpFlags flags = new FpFlags();

  enum Width {
    SINGLE(23, 8),
    DOUBLE(52, 11);

    final int fractionBits;
    final int exponentBits;

    Width(int fractionBits, int exponentBits) {
      this.fractionBits = fractionBits;
      this.exponentBits = exponentBits;
    }

    FpOracle oracle() {
      return this == SINGLE ? FpOracle.SINGLE : FpOracle.DOUBLE;
    }

    FpOperands operands() {
      return new FpOperands(fractionBits, exponentBits, SEED);
    }

    double asDouble(long bits) {
      return this == DOUBLE ? Double.longBitsToDouble(bits) : Float.intBitsToFloat((int) bits);
    }
  }

  private interface Binary {
    long apply(long a, long b, int mode, FpFlags flags);
  }

  private interface BinaryOracle {
    Result apply(long a, long b, int mode);
  }

  private static long wide(int bits) {
    return Integer.toUnsignedLong(bits);
  }

  private void check(String name, Binary real, BinaryOracle oracle, long a, long b) {
    for (int mode = 0; mode <= 4; mode++) {
      Result expected = oracle.apply(a, b, mode);
      for (int before : new int[] {0, FpFlags.NX}) {
        flags.set(before);
        long actual = real.apply(a, b, mode, flags);
        if (actual != expected.bits() || flags.bits() != (expected.flags() | before)) {
          assertThat(show(actual, flags.bits()))
              .as("%s(%x, %x) mode %d with flags %d, seed %d", name, a, b, mode, before, SEED)
              .isEqualTo(show(expected.bits(), expected.flags() | before));
        }
      }
    }
  }

  private static String show(long bits, int flags) {
    return "%016x flags %d".formatted(bits, flags);
  }

  private void checkAllBinary(Width width, long a, long b) {
    FpOracle o = width.oracle();
    if (width == Width.DOUBLE) {
      check("add.d", Float64::add, o::add, a, b);
      check("sub.d", Float64::sub, o::sub, a, b);
      check("mul.d", Float64::mul, o::mul, a, b);
      check("div.d", Float64::div, o::div, a, b);
      check("min.d", (x, y, m, f) -> Float64.min(x, y, f), (x, y, m) -> o.min(x, y), a, b);
      check("max.d", (x, y, m, f) -> Float64.max(x, y, f), (x, y, m) -> o.max(x, y), a, b);
      check("eq.d", (x, y, m, f) -> bit(Float64.equal(x, y, f)), (x, y, m) -> o.equal(x, y), a, b);
      check("lt.d", (x, y, m, f) -> bit(Float64.less(x, y, f)), (x, y, m) -> o.less(x, y), a, b);
      check(
          "le.d",
          (x, y, m, f) -> bit(Float64.lessOrEqual(x, y, f)),
          (x, y, m) -> o.lessOrEqual(x, y),
          a,
          b);
      return;
    }
    int c = (int) a;
    int d = (int) b;
    check("add.s", (x, y, m, f) -> wide(Float32.add(c, d, m, f)), o::add, a, b);
    check("sub.s", (x, y, m, f) -> wide(Float32.sub(c, d, m, f)), o::sub, a, b);
    check("mul.s", (x, y, m, f) -> wide(Float32.mul(c, d, m, f)), o::mul, a, b);
    check("div.s", (x, y, m, f) -> wide(Float32.div(c, d, m, f)), o::div, a, b);
    check("min.s", (x, y, m, f) -> wide(Float32.min(c, d, f)), (x, y, m) -> o.min(x, y), a, b);
    check("max.s", (x, y, m, f) -> wide(Float32.max(c, d, f)), (x, y, m) -> o.max(x, y), a, b);
    check("eq.s", (x, y, m, f) -> bit(Float32.equal(c, d, f)), (x, y, m) -> o.equal(x, y), a, b);
    check("lt.s", (x, y, m, f) -> bit(Float32.less(c, d, f)), (x, y, m) -> o.less(x, y), a, b);
    check(
        "le.s",
        (x, y, m, f) -> bit(Float32.lessOrEqual(c, d, f)),
        (x, y, m) -> o.lessOrEqual(x, y),
        a,
        b);
  }

  private static long bit(boolean value) {
    return value ? 1 : 0;
  }

  private void checkUnary(Width width, long a) {
    FpOracle o = width.oracle();
    int s = (int) a;
    if (width == Width.DOUBLE) {
      check("sqrt.d", (x, y, m, f) -> Float64.sqrt(x, m, f), (x, y, m) -> o.sqrt(x, m), a, 0);
      check(
          "s.d",
          (x, y, m, f) -> wide(Float64.toFloat32(x, m, f)),
          (x, y, m) -> o.convert(x, FpOracle.SINGLE, m),
          a,
          0);
      checkToIntegers(
          o,
          a,
          Float64::toInt32,
          Float64::toUnsignedInt32,
          Float64::toInt64,
          Float64::toUnsignedInt64);
      assertThat(Float64.classify(a)).as("%x", a).isEqualTo((int) o.classify(a));
      return;
    }
    check("sqrt.s", (x, y, m, f) -> wide(Float32.sqrt(s, m, f)), (x, y, m) -> o.sqrt(x, m), a, 0);
    check(
        "d.s",
        (x, y, m, f) -> Float32.toFloat64(s, f),
        (x, y, m) -> o.convert(x, FpOracle.DOUBLE, m),
        a,
        0);
    checkToIntegers(
        o,
        a,
        (x, m, f) -> Float32.toInt32(s, m, f),
        (x, m, f) -> Float32.toUnsignedInt32(s, m, f),
        (x, m, f) -> Float32.toInt64(s, m, f),
        (x, m, f) -> Float32.toUnsignedInt64(s, m, f));
    assertThat(Float32.classify(s)).as("%x", a).isEqualTo((int) o.classify(a));
  }

  private interface ToInteger {
    long apply(long a, int mode, FpFlags flags);
  }

  private void checkToIntegers(
      FpOracle o, long a, ToInteger w, ToInteger wu, ToInteger l, ToInteger lu) {
    check("to w", (x, y, m, f) -> w.apply(x, m, f), (x, y, m) -> o.toInteger(x, 32, true, m), a, 0);
    check(
        "to wu",
        (x, y, m, f) -> wu.apply(x, m, f),
        (x, y, m) -> o.toInteger(x, 32, false, m),
        a,
        0);
    check("to l", (x, y, m, f) -> l.apply(x, m, f), (x, y, m) -> o.toInteger(x, 64, true, m), a, 0);
    check(
        "to lu",
        (x, y, m, f) -> lu.apply(x, m, f),
        (x, y, m) -> o.toInteger(x, 64, false, m),
        a,
        0);
  }

  private void checkFma(Width width, long a, long b, long c) {
    for (int mode = 0; mode <= 4; mode++) {
      Result expected = width.oracle().fma(a, b, c, mode);
      for (int before : new int[] {0, FpFlags.NX}) {
        flags.set(before);
        long actual =
            width == Width.DOUBLE
                ? Float64.fma(a, b, c, mode, flags)
                : wide(Float32.fma((int) a, (int) b, (int) c, mode, flags));
        if (actual != expected.bits() || flags.bits() != (expected.flags() | before)) {
          assertThat(show(actual, flags.bits()))
              .as("fma(%x, %x, %x) mode %d with %d, seed %d", a, b, c, mode, before, SEED)
              .isEqualTo(show(expected.bits(), expected.flags() | before));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyPairOfEdges(Width width) {
    List<Long> edges = width.operands().edges();
    for (long a : edges) {
      checkUnary(width, a);
      for (long b : edges) {
        checkAllBinary(width, a, b);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fusedEdges(Width width) {
    List<Long> edges = width.operands().edges();
    for (int a = 0; a < edges.size(); a += 5) {
      for (int b = 1; b < edges.size(); b += 7) {
        for (int c = 0; c < edges.size(); c += 3) {
          checkFma(width, edges.get(a), edges.get(b), edges.get(c));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void randomOperands(Width width) {
    System.out.println("FpOracleTest seed " + SEED);
    FpOperands operands = width.operands();
    for (int i = 0; i < RANDOM_CASES; i++) {
      long a = operands.any();
      long b = operands.any();
      checkUnary(width, a);
      checkAllBinary(width, a, b);
      checkAllBinary(width, a, operands.near(width.asDouble(a)));
      checkFma(width, a, b, operands.any());
      checkFma(width, a, b, operands.near(width.asDouble(a) * width.asDouble(b)));
    }
  }

  @Test
  void integersToFloatingPoint() {
    FpOperands operands = new FpOperands(52, 11, SEED);
    for (int i = 0; i < RANDOM_CASES; i++) {
      long bits = operands.any();
      for (long value : new long[] {bits, bits >> (bits & 63), (int) bits, bits | 1L << 62}) {
        IntegerCases.check(value, this::check);
      }
    }
    for (long value : IntegerCases.EDGES) {
      IntegerCases.check(value, this::check);
    }
  }

  /// Conversions from integers, signed and unsigned, of both widths and to both formats.
  private static final class IntegerCases {
    static final long[] EDGES = {
      0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 0xffff_ffffL
    };

    private interface Checker {
      void check(String name, Binary real, BinaryOracle oracle, long a, long b);
    }

    static void check(long value, Checker checker) {
      FpOracle s = FpOracle.SINGLE;
      FpOracle d = FpOracle.DOUBLE;
      int w = (int) value;
      var signed = java.math.BigInteger.valueOf(value);
      var unsigned = new java.math.BigInteger(Long.toUnsignedString(value));
      var signedWord = java.math.BigInteger.valueOf(w);
      var unsignedWord = java.math.BigInteger.valueOf(wide(w));
      row(checker, "d.l", Float64::fromInt64, value, d, signed);
      row(checker, "d.lu", Float64::fromUnsignedInt64, value, d, unsigned);
      row(checker, "d.w", (v, m, f) -> Float64.fromInt32(w), value, d, signedWord);
      row(checker, "d.wu", (v, m, f) -> Float64.fromUnsignedInt32(w), value, d, unsignedWord);
      row(checker, "s.l", (v, m, f) -> wide(Float32.fromInt64(v, m, f)), value, s, signed);
      row(
          checker,
          "s.lu",
          (v, m, f) -> wide(Float32.fromUnsignedInt64(v, m, f)),
          value,
          s,
          unsigned);
      row(checker, "s.w", (v, m, f) -> wide(Float32.fromInt32(w, m, f)), value, s, signedWord);
      row(
          checker,
          "s.wu",
          (v, m, f) -> wide(Float32.fromUnsignedInt32(w, m, f)),
          value,
          s,
          unsignedWord);
    }

    private static void row(
        Checker checker,
        String name,
        ToInteger real,
        long value,
        FpOracle to,
        java.math.BigInteger exact) {
      checker.check(
          name,
          (a, b, m, f) -> real.apply(a, m, f),
          (a, b, m) -> to.fromInteger(exact, m),
          value,
          0);
    }
  }
}
