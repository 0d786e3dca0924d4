package brume.hypervisor.cpu.fp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Results worked out by hand from IEEE 754 and the RISC-V chapters on F and D, and agreement with
/// the JVM where it rounds as RNE does.
class FpTablesTest {
  private static final long SEED = Long.getLong("brume.test.seed", 3L);
  private final FpFlags flags = new FpFlags();

  private static int mode(String name) {
    return java.util.List.of("RNE", "RTZ", "RDN", "RUP", "RMM").indexOf(name);
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits.replace("_", ""), 16);
  }

  private String flagNames() {
    StringBuilder names = new StringBuilder();
    String[] all = {"NX", "UF", "OF", "DZ", "NV"};
    for (int bit = 4; bit >= 0; bit--) {
      if ((flags.bits() >> bit & 1) != 0) {
        names.append(names.isEmpty() ? "" : " ").append(all[bit]);
      }
    }
    return names.isEmpty() ? "-" : names.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          op   | a                | b                | mode | result           | flags
          add  | 3ff0000000000000 | 3ff0000000000000 | RNE  | 4000000000000000 | -
          # one and half a unit of one: a tie
          add  | 3ff0000000000000 | 3ca0000000000000 | RNE  | 3ff0000000000000 | NX
          add  | 3ff0000000000000 | 3ca0000000000000 | RTZ  | 3ff0000000000000 | NX
          add  | 3ff0000000000000 | 3ca0000000000000 | RDN  | 3ff0000000000000 | NX
          add  | 3ff0000000000000 | 3ca0000000000000 | RUP  | 3ff0000000000001 | NX
          add  | 3ff0000000000000 | 3ca0000000000000 | RMM  | 3ff0000000000001 | NX
          add  | bff0000000000000 | bca0000000000000 | RDN  | bff0000000000001 | NX
          add  | bff0000000000000 | bca0000000000000 | RUP  | bff0000000000000 | NX
          add  | bff0000000000000 | bca0000000000000 | RMM  | bff0000000000001 | NX
          # x - x is +0, but -0 when rounding down; like zeros keep their sign
          sub  | 3ff0000000000000 | 3ff0000000000000 | RNE  | 0000000000000000 | -
          sub  | 3ff0000000000000 | 3ff0000000000000 | RDN  | 8000000000000000 | -
          add  | 8000000000000000 | 8000000000000000 | RNE  | 8000000000000000 | -
          add  | 0000000000000000 | 8000000000000000 | RDN  | 8000000000000000 | -
          # infinities and NaNs
          sub  | 7ff0000000000000 | 7ff0000000000000 | RNE  | 7ff8000000000000 | NV
          add  | 7ff0000000000000 | fff0000000000000 | RNE  | 7ff8000000000000 | NV
          add  | fff8000000000001 | 3ff0000000000000 | RNE  | 7ff8000000000000 | -
          add  | 7ff0000000000001 | 3ff0000000000000 | RNE  | 7ff8000000000000 | NV
          mul  | 7ff0000000000000 | 0000000000000000 | RNE  | 7ff8000000000000 | NV
          # overflow in each mode
          add  | 7fefffffffffffff | 7fefffffffffffff | RNE  | 7ff0000000000000 | OF NX
          add  | 7fefffffffffffff | 7fefffffffffffff | RTZ  | 7fefffffffffffff | OF NX
          add  | 7fefffffffffffff | 7fefffffffffffff | RDN  | 7fefffffffffffff | OF NX
          add  | 7fefffffffffffff | 7fefffffffffffff | RUP  | 7ff0000000000000 | OF NX
          add  | ffefffffffffffff | ffefffffffffffff | RDN  | fff0000000000000 | OF NX
          add  | ffefffffffffffff | ffefffffffffffff | RMM  | fff0000000000000 | OF NX
          # subnormal sums are exact: no underflow
          sub  | 0010000000000000 | 0000000000000001 | RNE  | 000fffffffffffff | -
          # half the least subnormal: 0 or the least subnormal
          mul  | 0000000000000001 | 3fe0000000000000 | RNE  | 0000000000000000 | UF NX
          mul  | 0000000000000001 | 3fe0000000000000 | RUP  | 0000000000000001 | UF NX
          mul  | 0000000000000001 | 3fe0000000000000 | RMM  | 0000000000000001 | UF NX
          mul  | 8000000000000001 | 3fe0000000000000 | RDN  | 8000000000000001 | UF NX
          # 2^-1022 (1 - 2^-104): with an unbounded exponent it rounds to 2^-1022, so it is not tiny
          mul  | 0010000000000001 | 3feffffffffffffe | RNE  | 0010000000000000 | NX
          # 2^-1022 (1 - 2^-53) has 53 bits: tiny, and inexact only as a subnormal
          mul  | 3fefffffffffffff | 0010000000000000 | RNE  | 0010000000000000 | UF NX
          mul  | 3fe0000000000000 | 0010000000000000 | RNE  | 0008000000000000 | -
          div  | 3ff0000000000000 | 4008000000000000 | RNE  | 3fd5555555555555 | NX
          div  | 3ff0000000000000 | 4008000000000000 | RUP  | 3fd5555555555556 | NX
          div  | 3ff0000000000000 | 0000000000000000 | RNE  | 7ff0000000000000 | DZ
          div  | 3ff0000000000000 | 8000000000000000 | RNE  | fff0000000000000 | DZ
          div  | 0000000000000000 | 0000000000000000 | RNE  | 7ff8000000000000 | NV
          div  | 7ff0000000000000 | 7ff0000000000000 | RNE  | 7ff8000000000000 | NV
          div  | 7ff0000000000000 | 0000000000000000 | RNE  | 7ff0000000000000 | -
          div  | 3ff0000000000000 | fff0000000000000 | RNE  | 8000000000000000 | -
          sqrt | 4000000000000000 | 0                | RNE  | 3ff6a09e667f3bcd | NX
          sqrt | 4000000000000000 | 0                | RTZ  | 3ff6a09e667f3bcc | NX
          sqrt | 4022000000000000 | 0                | RUP  | 4008000000000000 | -
          sqrt | 8000000000000000 | 0                | RNE  | 8000000000000000 | -
          sqrt | bff0000000000000 | 0                | RNE  | 7ff8000000000000 | NV
          sqrt | 0000000000000001 | 0                | RNE  | 1e60000000000000 | -
          min  | 0000000000000000 | 8000000000000000 | RNE  | 8000000000000000 | -
          max  | 8000000000000000 | 0000000000000000 | RNE  | 0000000000000000 | -
          min  | 7ff0000000000001 | 3ff0000000000000 | RNE  | 3ff0000000000000 | NV
          max  | 7ff8000000000000 | fff8000000000000 | RNE  | 7ff8000000000000 | -
          min  | fff0000000000000 | 7ff8000000000000 | RNE  | fff0000000000000 | -
          """)
  void doubles(String op, String a, String b, String mode, String result, String expectedFlags) {
    long x = hex(a);
    long y = hex(b);
    int m = mode(mode);
    flags.set(0);
    long actual =
        switch (op) {
          case "add" -> Float64.add(x, y, m, flags);
          case "sub" -> Float64.sub(x, y, m, flags);
          case "mul" -> Float64.mul(x, y, m, flags);
          case "div" -> Float64.div(x, y, m, flags);
          case "sqrt" -> Float64.sqrt(x, m, flags);
          case "min" -> Float64.min(x, y, flags);
          case "max" -> Float64.max(x, y, flags);
          default -> throw new IllegalArgumentException(op);
        };
    assertThat("%016x %s".formatted(actual, flagNames())).isEqualTo(result + " " + expectedFlags);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          a        | b        | c        | mode | result   | flags
          # (1 + 2^-23)^2 - (1 + 2^-22) = 2^-46: only one rounding keeps it
          3f800001 | 3f800001 | bf800002 | RNE  | 28800000 | -
          # infinity times zero is invalid even beside a quiet NaN
          7f800000 | 00000000 | 7fc00000 | RNE  | 7fc00000 | NV
          7f800000 | 3f800000 | ff800000 | RNE  | 7fc00000 | NV
          3f800000 | 3f800000 | bf800000 | RNE  | 00000000 | -
          3f800000 | 3f800000 | bf800000 | RDN  | 80000000 | -
          00000000 | bf800000 | 80000000 | RNE  | 80000000 | -
          7f7fffff | 40000000 | ff7fffff | RNE  | 7f7fffff | -
          # the product vanishes beside the addend but still tips a directed rounding
          00000001 | 00000001 | 3f800000 | RUP  | 3f800001 | NX
          80000001 | 00000001 | 3f800000 | RTZ  | 3f7fffff | NX
          """)
  void fusedSingles(
      String a, String b, String c, String mode, String result, String expectedFlags) {
    flags.set(0);
    int actual = Float32.fma((int) hex(a), (int) hex(b), (int) hex(c), mode(mode), flags);
    assertThat("%08x %s".formatted(actual, flagNames())).isEqualTo(result + " " + expectedFlags);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          to | a                | mode | result           | flags
          # 2.5 and -2.5
          w  | 4004000000000000 | RNE  | 0000000000000002 | NX
          w  | 4004000000000000 | RTZ  | 0000000000000002 | NX
          w  | 4004000000000000 | RDN  | 0000000000000002 | NX
          w  | 4004000000000000 | RUP  | 0000000000000003 | NX
          w  | 4004000000000000 | RMM  | 0000000000000003 | NX
          w  | c004000000000000 | RNE  | fffffffffffffffe | NX
          w  | c004000000000000 | RDN  | fffffffffffffffd | NX
          w  | c004000000000000 | RUP  | fffffffffffffffe | NX
          # ends of the ranges
          w  | 41dfffffffc00000 | RNE  | 000000007fffffff | -
          w  | 41e0000000000000 | RNE  | 000000007fffffff | NV
          w  | c1e0000000000000 | RNE  | ffffffff80000000 | -
          w  | c1e0000000100000 | RTZ  | ffffffff80000000 | NX
          w  | c1e0000000100000 | RDN  | ffffffff80000000 | NV
          w  | 7ff8000000000000 | RNE  | 000000007fffffff | NV
          w  | fff0000000000000 | RNE  | ffffffff80000000 | NV
          wu | 41efffffffe00000 | RNE  | ffffffffffffffff | -
          wu | 41f0000000000000 | RNE  | ffffffffffffffff | NV
          wu | bfe0000000000000 | RNE  | 0000000000000000 | NX
          wu | bff0000000000000 | RNE  | 0000000000000000 | NV
          wu | bfe8000000000000 | RDN  | 0000000000000000 | NV
          wu | fff8000000000000 | RNE  | ffffffffffffffff | NV
          l  | 43e0000000000000 | RNE  | 7fffffffffffffff | NV
          l  | c3e0000000000000 | RNE  | 8000000000000000 | -
          l  | 43dfffffffffffff | RNE  | 7ffffffffffffc00 | -
          l  | 7ff0000000000001 | RNE  | 7fffffffffffffff | NV
          lu | 43e0000000000000 | RNE  | 8000000000000000 | -
          lu | 43efffffffffffff | RNE  | fffffffffffff800 | -
          lu | 43f0000000000000 | RNE  | ffffffffffffffff | NV
          lu | 8000000000000000 | RNE  | 0000000000000000 | -
          lu | fff0000000000000 | RNE  | 0000000000000000 | NV
          """)
  void doubleToInteger(String to, String a, String mode, String result, String expectedFlags) {
    flags.set(0);
    int m = mode(mode);
    long actual =
        switch (to) {
          case "w" -> Float64.toInt32(hex(a), m, flags);
          case "wu" -> Float64.toUnsignedInt32(hex(a), m, flags);
          case "l" -> Float64.toInt64(hex(a), m, flags);
          case "lu" -> Float64.toUnsignedInt64(hex(a), m, flags);
          default -> throw new IllegalArgumentException(to);
        };
    assertThat("%016x %s".formatted(actual, flagNames())).isEqualTo(result + " " + expectedFlags);
  }

  @Test
  void signsAndClasses() {
    assertThat(Float32.copySign(0x3f80_0000, 0x8000_0000)).isEqualTo(0xbf80_0000);
    assertThat(Float32.copySignNegated(0x3f80_0000, 0x8000_0000)).isEqualTo(0x3f80_0000);
    assertThat(Float32.multiplySigns(0xbf80_0000, 0x8000_0000)).isEqualTo(0x3f80_0000);
    assertThat(Float32.box(0x8000_0000)).isEqualTo(0xffff_ffff_8000_0000L);
    assertThat(Float32.box(1)).isEqualTo(0xffff_ffff_0000_0001L);
    assertThat(Float32.unbox(0xffff_ffff_0000_0001L)).isEqualTo(1);
    assertThat(Float32.unbox(0x7fff_ffff_0000_0001L)).isEqualTo(0x7fc0_0000);
    int[] oneOfEach = {
      0xff80_0000,
      0xbf80_0000,
      0x8000_0001,
      0x8000_0000,
      0,
      1,
      0x3f80_0000,
      0x7f80_0000,
      0x7f80_0001,
      0x7fc0_0000
    };
    for (int bit = 0; bit < oneOfEach.length; bit++) {
      assertThat(Float32.classify(oneOfEach[bit])).isEqualTo(1 << bit);
    }
  }

  /// The JVM rounds to nearest even, so each result must be the same number.
  @Test
  void agreesWithTheHost() {
    System.out.println("FpTablesTest seed " + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 200_000; i++) {
      long a = random.nextLong();
      long b = random.nextInt(4) == 0 ? random.nextLong() : a ^ random.nextLong() >>> 8;
      double x = Double.longBitsToDouble(a);
      double y = Double.longBitsToDouble(b);
      flags.set(random.nextInt(2));
      assertThat(Float64.add(a, b, 0, flags)).isEqualTo(Double.doubleToLongBits(x + y));
      assertThat(Float64.sub(a, b, 0, flags)).isEqualTo(Double.doubleToLongBits(x - y));
      assertThat(Float64.mul(a, b, 0, flags)).isEqualTo(Double.doubleToLongBits(x * y));
      assertThat(Float64.div(a, b, 0, flags)).isEqualTo(Double.doubleToLongBits(x / y));
      assertThat(Float64.sqrt(a, 0, flags)).isEqualTo(Double.doubleToLongBits(Math.sqrt(x)));
      int c = (int) a;
      int d = (int) b;
      float s = Float.intBitsToFloat(c);
      float t = Float.intBitsToFloat(d);
      assertThat(Float32.add(c, d, 0, flags)).isEqualTo(Float.floatToIntBits(s + t));
      assertThat(Float32.mul(c, d, 0, flags)).isEqualTo(Float.floatToIntBits(s * t));
      assertThat(Float32.div(c, d, 0, flags)).isEqualTo(Float.floatToIntBits(s / t));
    }
  }
}
