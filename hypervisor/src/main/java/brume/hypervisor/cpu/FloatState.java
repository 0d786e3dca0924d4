package brume.hypervisor.cpu;

/// `fcsr` and its parts (RISC-V unprivileged §20.2). Access is checked before it comes here.
final class FloatState {
  private final Csrs csrs;
  int flags;
  int roundingMode;

  FloatState(Csrs csrs) {
    this.csrs = csrs;
  }

  void reset() {
    flags = 0;
    roundingMode = 0;
  }

  long read(int csr) {
    return switch (csr) {
      case Csr.FFLAGS -> flags;
      case Csr.FRM -> roundingMode;
      default -> roundingMode << 5 | flags;
    };
  }

  void write(int csr, long value) {
    csrs.mstatus |= Status.FS;
    switch (csr) {
      case Csr.FFLAGS -> flags = (int) value & 31;
      case Csr.FRM -> roundingMode = (int) value & 7;
      default -> {
        flags = (int) value & 31;
        roundingMode = (int) value >>> 5 & 7;
      }
    }
  }
}
