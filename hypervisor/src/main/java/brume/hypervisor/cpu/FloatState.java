package brume.hypervisor.cpu;

import brume.hypervisor.cpu.fp.FpFlags;
import brume.hypervisor.cpu.fp.Rounding;

/// `fcsr` and what decides whether a floating-point instruction may run: RISC-V unprivileged §20.2,
/// privileged §3.1.6.6. The state counts as dirty as soon as a register or a flag may have changed.
final class FloatState {
  private static final int DYNAMIC = 7;

  private final Csrs csrs;
  final FpFlags flags = new FpFlags();
  private int flagsSeen;
  private int roundingMode;

  FloatState(Csrs csrs) {
    this.csrs = csrs;
  }

  void reset() {
    setFlags(0);
    roundingMode = 0;
  }

  boolean off() {
    return (csrs.mstatus() & Status.FS) == 0;
  }

  /// Whether the host's own arithmetic will do: to nearest, with state that counts as changed
  /// already and no news in a result that is inexact.
  boolean isPlain() {
    return roundingMode == Rounding.RNE
        && (csrs.mstatus() & Status.FS) == Status.FS
        && (flags.bits() & FpFlags.NX) != 0;
  }

  /// The same for arithmetic that records its exceptions as it goes.
  boolean isNearest() {
    return roundingMode == Rounding.RNE && (csrs.mstatus() & Status.FS) == Status.FS;
  }

  /// Takes exceptions as x86-64 has them in MXCSR: invalid, denormal, divide by zero, overflow,
  /// underflow, inexact, from bit 0 on. The state was dirty already, as [#isNearest] asks for.
  void raiseHosts(int raised) {
    int invalid = (raised & 1) * FpFlags.NV;
    int others =
        Integer.reverse(raised) >>> 26 & (FpFlags.DZ | FpFlags.OF | FpFlags.UF | FpFlags.NX);
    flags.raise(invalid | others);
    flagsSeen = flags.bits();
  }

  /// The rounding mode that an instruction's `rm` field asks for; negative where the instruction is
  /// illegal, as floating point is off or the mode is none.
  int mode(int field) {
    int mode = field == DYNAMIC ? roundingMode : field;
    return mode > Rounding.RMM || off() ? -1 : mode;
  }

  void dirty() {
    flagsSeen = flags.bits();
    csrs.setMstatus(csrs.mstatus() | Status.FS);
  }

  void dirtyIfRaised() {
    if (flags.bits() != flagsSeen) {
      dirty();
    }
  }

  private void setFlags(int value) {
    flags.set(value);
    flagsSeen = flags.bits();
  }

  long read(int csr) {
    return switch (csr) {
      case Csr.FFLAGS -> flags.bits();
      case Csr.FRM -> roundingMode;
      default -> roundingMode << 5 | flags.bits();
    };
  }

  void write(int csr, long value) {
    dirty();
    switch (csr) {
      case Csr.FFLAGS -> setFlags((int) value);
      case Csr.FRM -> roundingMode = (int) value & 7;
      default -> {
        setFlags((int) value);
        roundingMode = (int) value >>> 5 & 7;
      }
    }
  }
}
