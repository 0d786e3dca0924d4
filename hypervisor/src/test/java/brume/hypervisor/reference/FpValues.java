package brume.hypervisor.reference;

import java.util.SplittableRandom;

/// Register contents that find mistakes, as integers and as floating-point numbers.
final class FpValues {
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    -2,
    63,
    64,
    0x7fff_ffff,
    0x8000_0000L,
    0xffff_ffffL,
    0xffff_ffff_8000_0000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0x0101_0101_0101_0101L,
    0x3ff0_0000_0000_0000L,
    0xbff8_0000_0000_0000L,
    0x7ff0_0000_0000_0000L,
    0x7ff8_0000_0000_0000L,
    0x7ff0_0000_0000_0001L,
    0x0010_0000_0000_0000L,
    0x000f_ffff_ffff_ffffL,
    0x7fef_ffff_ffff_ffffL,
    0xffff_ffff_3f80_0000L,
    0xffff_ffff_bfc0_0000L,
    0xffff_ffff_7f80_0000L,
    0xffff_ffff_7fc0_0000L,
    0xffff_ffff_7f80_0001L,
    0xffff_ffff_0080_0000L,
    0xffff_ffff_007f_ffffL,
    0xffff_ffff_7f7f_ffffL
  };

  private FpValues() {}

  static long any(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextInt();
      case 2 -> Double.doubleToRawLongBits(random.nextDouble(-1000, 1000));
      case 3 ->
          0xffff_ffff_0000_0000L | Float.floatToRawIntBits((float) random.nextDouble(-1000, 1000));
      default -> EDGES[random.nextInt(EDGES.length)];
    };
  }
}
