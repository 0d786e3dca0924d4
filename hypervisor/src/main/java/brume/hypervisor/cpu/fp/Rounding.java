package brume.hypervisor.cpu.fp;

/// The rounding modes as `frm` encodes them (unprivileged §20.2): to nearest with ties to even,
/// towards zero, down, up, and to nearest with ties to the larger magnitude.
public final class Rounding {
  public static final int RNE = 0, RTZ = 1, RDN = 2, RUP = 3, RMM = 4;

  private Rounding() {}

  /// Whether a magnitude that was cut off is to grow by one unit.
  ///
  /// @param odd whether the kept magnitude is odd
  /// @param comparedWithHalf sign of (what was cut off - half a unit)
  /// @param inexact whether anything but zero was cut off
  static boolean roundsAway(
      int mode, boolean negative, boolean odd, int comparedWithHalf, boolean inexact) {
    return switch (mode) {
      case RNE -> comparedWithHalf > 0 || (comparedWithHalf == 0 && odd);
      case RTZ -> false;
      case RDN -> inexact && negative;
      case RUP -> inexact && !negative;
      case RMM -> comparedWithHalf >= 0;
      default -> throw new IllegalArgumentException("rounding mode " + mode + " is not 0 to 4");
    };
  }
}
