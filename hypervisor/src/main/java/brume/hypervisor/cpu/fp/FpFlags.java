package brume.hypervisor.cpu.fp;

/// The accrued exceptions of one hart, in the bit layout of `fflags` (unprivileged §20.2).
/// Operations only ever add to it.
public final class FpFlags {
  /// Inexact, underflow, overflow, divide by zero, invalid operation.
  public static final int NX = 1, UF = 2, OF = 4, DZ = 8, NV = 16;

  private int bits;

  public int bits() {
    return bits;
  }

  /// Replaces all five flags, as a write to `fflags` does; other bits of `value` are ignored.
  public void set(int value) {
    bits = value & 0x1f;
  }

  public void raise(int flags) {
    bits |= flags;
  }

  /// True when a further inexact result would change nothing, which lets the host's own arithmetic
  /// stand in for ours.
  boolean alreadyInexact() {
    return (bits & NX) != 0;
  }
}
