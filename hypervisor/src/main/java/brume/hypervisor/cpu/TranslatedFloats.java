package brume.hypervisor.cpu;

import brume.hypervisor.cpu.TranslatedCode.Leave;
import brume.hypervisor.cpu.fp.Float32;
import brume.hypervisor.cpu.fp.Float64;

/// Floating point for translated code, where inexactness is recorded already and rounding is to
/// nearest. The host's arithmetic then gives the same bits and no new flag as long as its result is
/// an ordinary number, or surely exact; all else throws [Leave]. Registers are passed as doubles of
/// the same 64 bits; a single lies in them NaN-boxed.
public final class TranslatedFloats {
  private TranslatedFloats() {}

  private static double sure(double value, boolean exact) {
    if (!Float64.ordinary(value) && !exact) {
      throw Leave.LEAVE;
    }
    return value;
  }

  private static double sure(float value, boolean exact) {
    if (!Float32.ordinary(value) && !exact) {
      throw Leave.LEAVE;
    }
    return boxed(value);
  }

  private static double boxed(float value) {
    return register(Float.floatToRawIntBits(value));
  }

  private static float single(double register) {
    long bits = Double.doubleToRawLongBits(register);
    if (bits >>> 32 != 0xffff_ffffL) {
      throw Leave.LEAVE;
    }
    return Float.intBitsToFloat((int) bits);
  }

  public static double addDouble(double a, double b) {
    double result = a + b;
    return sure(result, result == 0);
  }

  public static double subDouble(double a, double b) {
    double result = a - b;
    return sure(result, result == 0);
  }

  public static double mulDouble(double a, double b) {
    double result = a * b;
    return sure(result, result == 0 && (a == 0 || b == 0));
  }

  public static double divDouble(double a, double b) {
    double result = a / b;
    return sure(result, result == 0 && a == 0);
  }

  public static double sqrtDouble(double a) {
    return sure(Math.sqrt(a), a == 0);
  }

  public static double maddDouble(double a, double b, double c) {
    return sure(Math.fma(a, b, c), false);
  }

  public static double msubDouble(double a, double b, double c) {
    return sure(Math.fma(a, b, -c), false);
  }

  public static double nmsubDouble(double a, double b, double c) {
    return sure(Math.fma(-a, b, c), false);
  }

  public static double nmaddDouble(double a, double b, double c) {
    return sure(Math.fma(-a, b, -c), false);
  }

  public static double sgnjDouble(double a, double b) {
    return Double.longBitsToDouble(Float64.copySign(raw(a), raw(b)));
  }

  public static double sgnjnDouble(double a, double b) {
    return Double.longBitsToDouble(Float64.copySignNegated(raw(a), raw(b)));
  }

  public static double sgnjxDouble(double a, double b) {
    return Double.longBitsToDouble(Float64.multiplySigns(raw(a), raw(b)));
  }

  private static long raw(double register) {
    return Double.doubleToRawLongBits(register);
  }

  public static double minDouble(double a, double b) {
    return a < b ? a : differing(a, b);
  }

  public static double maxDouble(double a, double b) {
    return a > b ? a : differing(a, b);
  }

  /// `b`, if it is a number that is not equal to `a`: zeros have signs.
  private static double differing(double a, double b) {
    if (a < b || a > b) {
      return b;
    }
    throw Leave.LEAVE;
  }

  public static long eqDouble(double a, double b) {
    if (a == b) {
      return 1;
    }
    requireNumbers(a, b);
    return 0;
  }

  public static long ltDouble(double a, double b) {
    if (a < b) {
      return 1;
    }
    requireNumbers(a, b);
    return 0;
  }

  public static long leDouble(double a, double b) {
    if (a <= b) {
      return 1;
    }
    requireNumbers(a, b);
    return 0;
  }

  /// Leaves for what is not a number.
  private static void requireNumbers(double a, double b) {
    if (Double.isNaN(a) || Double.isNaN(b)) {
      throw Leave.LEAVE;
    }
  }

  public static double addSingle(double a, double b) {
    float result = single(a) + single(b);
    return sure(result, result == 0);
  }

  public static double subSingle(double a, double b) {
    float result = single(a) - single(b);
    return sure(result, result == 0);
  }

  public static double mulSingle(double a, double b) {
    float x = single(a);
    float y = single(b);
    float result = x * y;
    return sure(result, result == 0 && (x == 0 || y == 0));
  }

  public static double divSingle(double a, double b) {
    float x = single(a);
    float result = x / single(b);
    return sure(result, result == 0 && x == 0);
  }

  public static double sqrtSingle(double a) {
    float x = single(a);
    return sure((float) Math.sqrt(x), x == 0);
  }

  public static double maddSingle(double a, double b, double c) {
    return sure(Math.fma(single(a), single(b), single(c)), false);
  }

  public static double msubSingle(double a, double b, double c) {
    return sure(Math.fma(single(a), single(b), -single(c)), false);
  }

  public static double nmsubSingle(double a, double b, double c) {
    return sure(Math.fma(-single(a), single(b), single(c)), false);
  }

  public static double nmaddSingle(double a, double b, double c) {
    return sure(Math.fma(-single(a), single(b), -single(c)), false);
  }

  public static double sgnjSingle(double a, double b) {
    return register(Float32.copySign(Float32.unbox(raw(a)), Float32.unbox(raw(b))));
  }

  public static double sgnjnSingle(double a, double b) {
    return register(Float32.copySignNegated(Float32.unbox(raw(a)), Float32.unbox(raw(b))));
  }

  public static double sgnjxSingle(double a, double b) {
    return register(Float32.multiplySigns(Float32.unbox(raw(a)), Float32.unbox(raw(b))));
  }

  private static double register(int bits) {
    return Double.longBitsToDouble(Float32.box(bits));
  }

  public static double minSingle(double a, double b) {
    return boxed((float) minDouble(single(a), single(b)));
  }

  public static double maxSingle(double a, double b) {
    return boxed((float) maxDouble(single(a), single(b)));
  }

  public static long eqSingle(double a, double b) {
    return eqDouble(single(a), single(b));
  }

  public static long ltSingle(double a, double b) {
    return ltDouble(single(a), single(b));
  }

  public static long leSingle(double a, double b) {
    return leDouble(single(a), single(b));
  }

  /// A single as a double of the same value.
  public static double widened(double register) {
    return single(register);
  }

  public static long toWord(double a) {
    if (!(a > -0x1p31 - 1 && a < 0x1p31)) {
      throw Leave.LEAVE;
    }
    return (int) a;
  }

  public static long toUnsignedWord(double a) {
    if (!(a >= 0 && a < 0x1p32)) {
      throw Leave.LEAVE;
    }
    return (int) (long) a;
  }

  public static long toLong(double a) {
    if (!(a >= -0x1p63 && a < 0x1p63)) {
      throw Leave.LEAVE;
    }
    return (long) a;
  }

  public static long toUnsignedLong(double a) {
    if (!(a >= 0 && a < 0x1p63)) {
      throw Leave.LEAVE;
    }
    return (long) a;
  }

  public static double cvtdw(long value) {
    return (int) value;
  }

  public static double cvtdwu(long value) {
    return value & 0xffff_ffffL;
  }

  public static double cvtdl(long value) {
    return value;
  }

  public static double cvtdlu(long value) {
    if (value < 0) {
      throw Leave.LEAVE;
    }
    return value;
  }

  public static double cvtsw(long value) {
    return boxed((int) value);
  }

  public static double cvtswu(long value) {
    return boxed((float) (value & 0xffff_ffffL));
  }

  public static double cvtsl(long value) {
    return boxed((float) value);
  }

  public static double cvtslu(long value) {
    if (value < 0) {
      throw Leave.LEAVE;
    }
    return boxed((float) value);
  }

  public static double cvtsd(double a) {
    return sure((float) a, a == 0);
  }

  public static double cvtds(double a) {
    float value = single(a);
    if (Float.isNaN(value)) {
      throw Leave.LEAVE;
    }
    return value;
  }
}
