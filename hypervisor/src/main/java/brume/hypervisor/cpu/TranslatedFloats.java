package brume.hypervisor.cpu;

import brume.hypervisor.cpu.fp.Float32;
import brume.hypervisor.cpu.fp.Float64;

/// Floating point for translated code, where inexactness is recorded already and rounding is to
/// nearest. The host's arithmetic then gives the same bits and no new flag as long as its result is
/// an ordinary number, or surely exact; whether it may be otherwise is the *doubt*, a negative
/// number. It is worked out without a branch, so that many doubts cost one.
///
/// Registers are passed as doubles of the same 64 bits; a single lies in them NaN-boxed.
public final class TranslatedFloats {
  private static final long MAGNITUDE = Long.MAX_VALUE;

  private TranslatedFloats() {}

  private static long raw(double register) {
    return Double.doubleToRawLongBits(register);
  }

  private static long magnitude(double value) {
    return raw(value) & MAGNITUDE;
  }

  /// Negative for zero only.
  private static long ifZero(double value) {
    return magnitude(value) - 1;
  }

  private static long ifNan(double value) {
    return Float64.INFINITY - magnitude(value);
  }

  private static long ifHuge(double result) {
    return Float64.ORDINARY_MOST - magnitude(result);
  }

  private static long ifTiny(double result) {
    return magnitude(result) - Float64.ORDINARY_LEAST;
  }

  private static float single(double register) {
    return Float.intBitsToFloat((int) raw(register));
  }

  private static double boxed(float value) {
    return register(Float.floatToRawIntBits(value));
  }

  private static double register(int bits) {
    return Double.longBitsToDouble(Float32.box(bits));
  }

  /// For a register that holds no single.
  public static long unboxedDoubt(double register) {
    return -(~raw(register) >>> 32);
  }

  private static int singleMagnitude(double register) {
    return (int) raw(register) & Integer.MAX_VALUE;
  }

  private static long ifZeroSingle(double register) {
    return singleMagnitude(register) - 1;
  }

  private static long ifHugeSingle(double register) {
    return Float32.ORDINARY_MOST - singleMagnitude(register);
  }

  private static long ifTinySingle(double register) {
    return singleMagnitude(register) - Float32.ORDINARY_LEAST;
  }

  public static double addDouble(double a, double b) {
    return a + b;
  }

  /// A tiny sum is exact.
  public static long addDoubleDoubt(double result, double a, double b) {
    return ifHuge(result);
  }

  public static double subDouble(double a, double b) {
    return a - b;
  }

  /// A tiny difference is exact.
  public static long subDoubleDoubt(double result, double a, double b) {
    return ifHuge(result);
  }

  public static double mulDouble(double a, double b) {
    return a * b;
  }

  public static long mulDoubleDoubt(double result, double a, double b) {
    return ifHuge(result) | (ifTiny(result) & ~(ifZero(a) | ifZero(b)));
  }

  public static double divDouble(double a, double b) {
    return a / b;
  }

  public static long divDoubleDoubt(double result, double a, double b) {
    return ifHuge(result) | (ifTiny(result) & ~ifZero(a));
  }

  public static double sqrtDouble(double a) {
    return Math.sqrt(a);
  }

  public static long sqrtDoubleDoubt(double result, double a) {
    return ifHuge(result) | (ifTiny(result) & ~ifZero(a));
  }

  public static double maddDouble(double a, double b, double c) {
    return Math.fma(a, b, c);
  }

  public static long maddDoubleDoubt(double result, double a, double b, double c) {
    return fusedDoubt(result, a, b);
  }

  public static double msubDouble(double a, double b, double c) {
    return Math.fma(a, b, -c);
  }

  public static long msubDoubleDoubt(double result, double a, double b, double c) {
    return fusedDoubt(result, a, b);
  }

  public static double nmsubDouble(double a, double b, double c) {
    return Math.fma(-a, b, c);
  }

  public static long nmsubDoubleDoubt(double result, double a, double b, double c) {
    return fusedDoubt(result, a, b);
  }

  public static double nmaddDouble(double a, double b, double c) {
    return Math.fma(-a, b, -c);
  }

  public static long nmaddDoubleDoubt(double result, double a, double b, double c) {
    return fusedDoubt(result, a, b);
  }

  /// With a factor of zero the result is the last operand, or zero.
  private static long fusedDoubt(double result, double a, double b) {
    return ifHuge(result) | (ifTiny(result) & ~(ifZero(a) | ifZero(b)));
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

  public static double minDouble(double a, double b) {
    return a < b ? a : b;
  }

  public static long minDoubleDoubt(double result, double a, double b) {
    return orderDoubt(a, b);
  }

  public static double maxDouble(double a, double b) {
    return a > b ? a : b;
  }

  public static long maxDoubleDoubt(double result, double a, double b) {
    return orderDoubt(a, b);
  }

  /// Where a comparison does not decide: no numbers, or zeros of two signs.
  private static long orderDoubt(double a, double b) {
    return compareDoubtDouble(a, b) | (ifZero(a) & ifZero(b) & (raw(a) ^ raw(b)));
  }

  public static long compareDoubtDouble(double a, double b) {
    return ifNan(a) | ifNan(b);
  }

  public static long eqDouble(double a, double b) {
    return a == b ? 1 : 0;
  }

  public static long ltDouble(double a, double b) {
    return a < b ? 1 : 0;
  }

  public static long leDouble(double a, double b) {
    return a <= b ? 1 : 0;
  }

  public static double addSingle(double a, double b) {
    return boxed(single(a) + single(b));
  }

  /// A tiny sum is exact.
  public static long addSingleDoubt(double result, double a, double b) {
    return ifHugeSingle(result) | unboxedDoubt(a) | unboxedDoubt(b);
  }

  public static double subSingle(double a, double b) {
    return boxed(single(a) - single(b));
  }

  /// A tiny difference is exact.
  public static long subSingleDoubt(double result, double a, double b) {
    return ifHugeSingle(result) | unboxedDoubt(a) | unboxedDoubt(b);
  }

  public static double mulSingle(double a, double b) {
    return boxed(single(a) * single(b));
  }

  public static long mulSingleDoubt(double result, double a, double b) {
    return ifHugeSingle(result)
        | (ifTinySingle(result) & ~(ifZeroSingle(a) | ifZeroSingle(b)))
        | unboxedDoubt(a)
        | unboxedDoubt(b);
  }

  public static double divSingle(double a, double b) {
    return boxed(single(a) / single(b));
  }

  public static long divSingleDoubt(double result, double a, double b) {
    return ifHugeSingle(result)
        | (ifTinySingle(result) & ~ifZeroSingle(a))
        | unboxedDoubt(a)
        | unboxedDoubt(b);
  }

  public static double sqrtSingle(double a) {
    return boxed((float) Math.sqrt(single(a)));
  }

  public static long sqrtSingleDoubt(double result, double a) {
    return ifHugeSingle(result) | (ifTinySingle(result) & ~ifZeroSingle(a)) | unboxedDoubt(a);
  }

  public static double maddSingle(double a, double b, double c) {
    return boxed(Math.fma(single(a), single(b), single(c)));
  }

  public static long maddSingleDoubt(double result, double a, double b, double c) {
    return fusedDoubtSingle(result, a, b) | unboxedDoubt(a) | unboxedDoubt(b) | unboxedDoubt(c);
  }

  public static double msubSingle(double a, double b, double c) {
    return boxed(Math.fma(single(a), single(b), -single(c)));
  }

  public static long msubSingleDoubt(double result, double a, double b, double c) {
    return fusedDoubtSingle(result, a, b) | unboxedDoubt(a) | unboxedDoubt(b) | unboxedDoubt(c);
  }

  public static double nmsubSingle(double a, double b, double c) {
    return boxed(Math.fma(-single(a), single(b), single(c)));
  }

  public static long nmsubSingleDoubt(double result, double a, double b, double c) {
    return fusedDoubtSingle(result, a, b) | unboxedDoubt(a) | unboxedDoubt(b) | unboxedDoubt(c);
  }

  public static double nmaddSingle(double a, double b, double c) {
    return boxed(Math.fma(-single(a), single(b), -single(c)));
  }

  public static long nmaddSingleDoubt(double result, double a, double b, double c) {
    return fusedDoubtSingle(result, a, b) | unboxedDoubt(a) | unboxedDoubt(b) | unboxedDoubt(c);
  }

  /// With a factor of zero the result is the last operand, or zero.
  private static long fusedDoubtSingle(double result, double a, double b) {
    return ifHugeSingle(result) | (ifTinySingle(result) & ~(ifZeroSingle(a) | ifZeroSingle(b)));
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

  public static double minSingle(double a, double b) {
    return boxed((float) minDouble(single(a), single(b)));
  }

  public static long minSingleDoubt(double result, double a, double b) {
    return orderDoubt(single(a), single(b)) | unboxedDoubt(a) | unboxedDoubt(b);
  }

  public static double maxSingle(double a, double b) {
    return boxed((float) maxDouble(single(a), single(b)));
  }

  public static long maxSingleDoubt(double result, double a, double b) {
    return orderDoubt(single(a), single(b)) | unboxedDoubt(a) | unboxedDoubt(b);
  }

  public static long compareDoubtSingle(double a, double b) {
    return compareDoubtDouble(single(a), single(b)) | unboxedDoubt(a) | unboxedDoubt(b);
  }

  public static long eqSingle(double a, double b) {
    return single(a) == single(b) ? 1 : 0;
  }

  public static long ltSingle(double a, double b) {
    return single(a) < single(b) ? 1 : 0;
  }

  public static long leSingle(double a, double b) {
    return single(a) <= single(b) ? 1 : 0;
  }

  /// A single as a double of the same value.
  public static double widened(double register) {
    return single(register);
  }

  public static long toWord(double a) {
    return (int) a;
  }

  /// For what is not zero.
  private static long ifAny(long value) {
    return value | -value;
  }

  public static long toWordDoubt(double a) {
    return ifNan(a) | ifAny((long) a - (int) (long) a);
  }

  public static long toUnsignedWord(double a) {
    return (int) (long) a;
  }

  public static long toUnsignedWordDoubt(double a) {
    return ifNan(a) | ifAny((long) a >>> 32);
  }

  public static long toLong(double a) {
    return (long) a;
  }

  /// The host gives the least or the greatest number for what is out of range.
  public static long toLongDoubt(double a) {
    long value = (long) a;
    return ifNan(a) | ((value ^ value >> 63) + 1);
  }

  public static long toUnsignedLong(double a) {
    return (long) a;
  }

  public static long toUnsignedLongDoubt(double a) {
    return toLongDoubt(a) | (long) a;
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

  /// For what is not negative.
  public static double cvtdlu(long value) {
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

  /// For what is not negative.
  public static double cvtslu(long value) {
    return boxed((float) value);
  }

  public static double cvtsd(double a) {
    return boxed((float) a);
  }

  public static long cvtsdDoubt(double a) {
    double result = cvtsd(a);
    return ifHugeSingle(result) | (ifTinySingle(result) & ~ifZero(a));
  }

  public static double cvtds(double a) {
    return single(a);
  }

  public static long cvtdsDoubt(double a) {
    return ifNan(single(a)) | unboxedDoubt(a);
  }
}
