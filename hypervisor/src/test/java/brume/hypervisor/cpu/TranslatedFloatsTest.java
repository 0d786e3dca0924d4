package brume.hypervisor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.cpu.fp.Float32;
import brume.hypervisor.cpu.fp.Float64;
import brume.hypervisor.cpu.fp.FpFlags;
import brume.hypervisor.cpu.fp.Rounding;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What translated code does not doubt is what the exact arithmetic gives, without a new flag. What
/// is doubted is never wrong, only slow; that ordinary numbers are not doubted is asked for too.
class TranslatedFloatsTest {
  private static final long SEED = Long.getLong("brume.test.seed", 9L);
  private static final int RANDOM = 40;

  private final SplittableRandom random = new SplittableRandom(SEED);

  private interface Exact {
    long apply(long a, long b, long c, FpFlags flags);
  }

  private interface Host {
    double apply(double a, double b, double c);
  }

  private interface Doubt {
    long apply(double result, double a, double b, double c);
  }

  private record Operation(String name, Exact exact, Host host, Doubt doubt) {}

  private static int single(long register) {
    return Float32.unbox(register);
  }

  private static final int M = Rounding.RNE;

  private static final List<Operation> DOUBLES =
      List.of(
          new Operation(
              "add",
              (a, b, c, f) -> Float64.add(a, b, M, f),
              (a, b, c) -> TranslatedFloats.addDouble(a, b),
              (r, a, b, c) -> TranslatedFloats.addDoubleDoubt(r, a, b)),
          new Operation(
              "sub",
              (a, b, c, f) -> Float64.sub(a, b, M, f),
              (a, b, c) -> TranslatedFloats.subDouble(a, b),
              (r, a, b, c) -> TranslatedFloats.subDoubleDoubt(r, a, b)),
          new Operation(
              "mul",
              (a, b, c, f) -> Float64.mul(a, b, M, f),
              (a, b, c) -> TranslatedFloats.mulDouble(a, b),
              (r, a, b, c) -> TranslatedFloats.mulDoubleDoubt(r, a, b)),
          new Operation(
              "div",
              (a, b, c, f) -> Float64.div(a, b, M, f),
              (a, b, c) -> TranslatedFloats.divDouble(a, b),
              (r, a, b, c) -> TranslatedFloats.divDoubleDoubt(r, a, b)),
          new Operation(
              "sqrt",
              (a, b, c, f) -> Float64.sqrt(a, M, f),
              (a, b, c) -> TranslatedFloats.sqrtDouble(a),
              (r, a, b, c) -> TranslatedFloats.sqrtDoubleDoubt(r, a)),
          new Operation(
              "madd",
              (a, b, c, f) -> Float64.fma(a, b, c, M, f),
              TranslatedFloats::maddDouble,
              TranslatedFloats::maddDoubleDoubt),
          new Operation(
              "min",
              (a, b, c, f) -> Float64.min(a, b, f),
              (a, b, c) -> TranslatedFloats.minDouble(a, b),
              (r, a, b, c) -> TranslatedFloats.minDoubleDoubt(r, a, b)),
          new Operation(
              "max",
              (a, b, c, f) -> Float64.max(a, b, f),
              (a, b, c) -> TranslatedFloats.maxDouble(a, b),
              (r, a, b, c) -> TranslatedFloats.maxDoubleDoubt(r, a, b)),
          new Operation(
              "lt",
              (a, b, c, f) -> Float64.less(a, b, f) ? 1 : 0,
              (a, b, c) -> number(TranslatedFloats.ltDouble(a, b)),
              (r, a, b, c) -> TranslatedFloats.compareDoubtDouble(a, b)),
          new Operation(
              "toLong",
              (a, b, c, f) -> Float64.toInt64(a, Rounding.RTZ, f),
              (a, b, c) -> number(TranslatedFloats.toLong(a)),
              (r, a, b, c) -> TranslatedFloats.toLongDoubt(a)),
          new Operation(
              "toUnsignedLong",
              (a, b, c, f) -> Float64.toUnsignedInt64(a, Rounding.RTZ, f),
              (a, b, c) -> number(TranslatedFloats.toUnsignedLong(a)),
              (r, a, b, c) -> TranslatedFloats.toUnsignedLongDoubt(a)),
          new Operation(
              "toWord",
              (a, b, c, f) -> Float64.toInt32(a, Rounding.RTZ, f),
              (a, b, c) -> number(TranslatedFloats.toWord(a)),
              (r, a, b, c) -> TranslatedFloats.toWordDoubt(a)),
          new Operation(
              "toUnsignedWord",
              (a, b, c, f) -> Float64.toUnsignedInt32(a, Rounding.RTZ, f),
              (a, b, c) -> number(TranslatedFloats.toUnsignedWord(a)),
              (r, a, b, c) -> TranslatedFloats.toUnsignedWordDoubt(a)),
          new Operation(
              "toSingle",
              (a, b, c, f) -> Float32.box(Float64.toFloat32(a, M, f)),
              (a, b, c) -> TranslatedFloats.cvtsd(a),
              (r, a, b, c) -> TranslatedFloats.cvtsdDoubt(a)));

  private static final List<Operation> SINGLES =
      List.of(
          new Operation(
              "add",
              (a, b, c, f) -> Float32.box(Float32.add(single(a), single(b), M, f)),
              (a, b, c) -> TranslatedFloats.addSingle(a, b),
              (r, a, b, c) -> TranslatedFloats.addSingleDoubt(r, a, b)),
          new Operation(
              "mul",
              (a, b, c, f) -> Float32.box(Float32.mul(single(a), single(b), M, f)),
              (a, b, c) -> TranslatedFloats.mulSingle(a, b),
              (r, a, b, c) -> TranslatedFloats.mulSingleDoubt(r, a, b)),
          new Operation(
              "div",
              (a, b, c, f) -> Float32.box(Float32.div(single(a), single(b), M, f)),
              (a, b, c) -> TranslatedFloats.divSingle(a, b),
              (r, a, b, c) -> TranslatedFloats.divSingleDoubt(r, a, b)),
          new Operation(
              "sqrt",
              (a, b, c, f) -> Float32.box(Float32.sqrt(single(a), M, f)),
              (a, b, c) -> TranslatedFloats.sqrtSingle(a),
              (r, a, b, c) -> TranslatedFloats.sqrtSingleDoubt(r, a)),
          new Operation(
              "nmsub",
              (a, b, c, f) ->
                  Float32.box(Float32.fma(single(a) ^ 1 << 31, single(b), single(c), M, f)),
              TranslatedFloats::nmsubSingle,
              TranslatedFloats::nmsubSingleDoubt),
          new Operation(
              "max",
              (a, b, c, f) -> Float32.box(Float32.max(single(a), single(b), f)),
              (a, b, c) -> TranslatedFloats.maxSingle(a, b),
              (r, a, b, c) -> TranslatedFloats.maxSingleDoubt(r, a, b)),
          new Operation(
              "le",
              (a, b, c, f) -> Float32.lessOrEqual(single(a), single(b), f) ? 1 : 0,
              (a, b, c) -> number(TranslatedFloats.leSingle(a, b)),
              (r, a, b, c) -> TranslatedFloats.compareDoubtSingle(a, b)),
          new Operation(
              "toDouble",
              (a, b, c, f) -> Float32.toFloat64(single(a), f),
              (a, b, c) -> TranslatedFloats.cvtds(a),
              (r, a, b, c) -> TranslatedFloats.cvtdsDoubt(a)));

  private static double number(long value) {
    return Double.longBitsToDouble(value);
  }

  @Test
  void whatIsNotDoubtedIsExact() {
    System.out.println("TranslatedFloatsTest seed " + SEED);
    long[] doubles = new long[RANDOM + 24];
    long[] singles = new long[RANDOM + 24];
    double[] edges = {
      0,
      1,
      1.5,
      3,
      Double.MIN_VALUE,
      Double.MIN_NORMAL,
      0x1p-1021,
      0x1p-540,
      0x1p63,
      0x1p64,
      Double.MAX_VALUE,
      Double.POSITIVE_INFINITY
    };
    float[] small = {
      0,
      1,
      1.5f,
      3,
      Float.MIN_VALUE,
      Float.MIN_NORMAL,
      0x1p-125f,
      0x1p-70f,
      0x1p31f,
      0x1p63f,
      Float.MAX_VALUE,
      Float.POSITIVE_INFINITY
    };
    for (int i = 0; i < 12; i++) {
      doubles[2 * i] = Double.doubleToRawLongBits(edges[i]);
      doubles[2 * i + 1] = Double.doubleToRawLongBits(-edges[i]);
      singles[2 * i] = Float32.box(Float.floatToRawIntBits(small[i]));
      singles[2 * i + 1] = Float32.box(Float.floatToRawIntBits(-small[i]));
    }
    for (int i = 24; i < doubles.length; i++) {
      doubles[i] = random.nextLong();
      // One in four holds no single.
      singles[i] = i % 4 == 0 ? random.nextLong() : Float32.box(random.nextInt());
    }
    doubles[24] = Float64.CANONICAL_NAN;
    doubles[25] = Float64.INFINITY | 1;
    singles[25] = Float32.box(0x7f80_0001);
    DOUBLES.forEach(operation -> compare(operation, doubles));
    SINGLES.forEach(operation -> compare(operation, singles));
  }

  private static void compare(Operation operation, long[] operands) {
    int trusted = 0;
    for (long a : operands) {
      for (long b : operands) {
        for (long c : new long[] {operands[0], operands[5], operands[30], operands[31]}) {
          double result = operation.host.apply(number(a), number(b), number(c));
          if (operation.doubt.apply(result, number(a), number(b), number(c)) < 0) {
            continue;
          }
          trusted++;
          FpFlags flags = new FpFlags();
          flags.set(FpFlags.NX);
          long exact = operation.exact.apply(a, b, c, flags);
          assertThat(Double.doubleToRawLongBits(result))
              .as("%s of %x, %x, %x", operation.name, a, b, c)
              .isEqualTo(exact);
          assertThat(flags.bits())
              .as("flags of %s of %x, %x, %x", operation.name, a, b, c)
              .isEqualTo(FpFlags.NX);
        }
      }
    }
    assertThat(trusted)
        .as("%s: trusted of %d", operation.name, operands.length * operands.length * 4)
        .isGreaterThan(operands.length * operands.length / 2);
  }
}
