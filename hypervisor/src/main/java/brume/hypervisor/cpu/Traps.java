package brume.hypervisor.cpu;

/// Entry into a trap and return from it: RISC-V privileged §3.1.6.1, §3.1.8, §3.3.2.
final class Traps {
  private static final long INTERRUPT = 1L << 63;

  private final Hart hart;
  private final Csrs csrs;

  Traps(Hart hart, Csrs csrs) {
    this.hart = hart;
    this.csrs = csrs;
  }

  /// Answers where execution goes on.
  long exception(long pc, int cause, long value) {
    boolean delegated = (csrs.medeleg >>> cause & 1) != 0;
    return enter(pc, cause, value, delegated);
  }

  long interrupt(long pc, int number) {
    return enter(pc, INTERRUPT | number, 0, (csrs.mideleg >>> number & 1) != 0);
  }

  private long enter(long pc, long cause, long value, boolean delegated) {
    return delegated && hart.privilege <= Privilege.SUPERVISOR
        ? enterSupervisor(pc, cause, value)
        : enterMachine(pc, cause, value);
  }

  private long enterSupervisor(long pc, long cause, long value) {
    csrs.setSepc(pc);
    csrs.setScause(cause);
    csrs.setStval(value);
    long status = csrs.mstatus() & ~(Status.SPIE | Status.SPP | Status.SIE);
    if ((csrs.mstatus() & Status.SIE) != 0) {
      status |= Status.SPIE;
    }
    if (hart.privilege == Privilege.SUPERVISOR) {
      status |= Status.SPP;
    }
    csrs.setMstatus(status);
    change(Privilege.SUPERVISOR);
    return handler(csrs.stvec, cause);
  }

  private long enterMachine(long pc, long cause, long value) {
    csrs.mepc = pc;
    csrs.mcause = cause;
    csrs.mtval = value;
    long status = csrs.mstatus() & ~(Status.MPIE | Status.MPP | Status.MIE);
    if ((csrs.mstatus() & Status.MIE) != 0) {
      status |= Status.MPIE;
    }
    csrs.setMstatus(status | (long) hart.privilege << Status.MPP_SHIFT);
    change(Privilege.MACHINE);
    return handler(csrs.mtvec, cause);
  }

  private static long handler(long vector, long cause) {
    long base = vector & ~3;
    return (vector & 1) != 0 && cause < 0 ? base + 4 * (cause & 63) : base;
  }

  long returnToSupervisor() {
    long status = (csrs.mstatus() & ~(Status.SIE | Status.SPP | Status.MPRV)) | Status.SPIE;
    if ((csrs.mstatus() & Status.SPIE) != 0) {
      status |= Status.SIE;
    }
    boolean toSupervisor = (csrs.mstatus() & Status.SPP) != 0;
    csrs.setMstatus(status);
    change(toSupervisor ? Privilege.SUPERVISOR : Privilege.USER);
    return csrs.sepc();
  }

  long returnToMachine() {
    long old = csrs.mstatus();
    int previous = (int) (old & Status.MPP) >>> Status.MPP_SHIFT;
    long status = (old & ~(Status.MIE | Status.MPP)) | Status.MPIE;
    if ((old & Status.MPIE) != 0) {
      status |= Status.MIE;
    }
    if (previous != Privilege.MACHINE) {
      status &= ~Status.MPRV;
    }
    csrs.setMstatus(status);
    change(previous);
    return csrs.mepc;
  }

  private void change(int privilege) {
    hart.privilege = privilege;
    hart.mmu.enterContexts();
  }
}
