package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;

/// The control and status registers of one hart: RISC-V privileged §3.1 and §12.1. Fields hold
/// legal values only; a write of something else leaves what the comments of each field's write say
/// (WARL), which is the choice of the specification's formal model, as public suites judge by that.
/// Floating-point and counter registers are in their own files.
final class Csrs {
  private static final long MISA_VALUE = 2L << 62 | letters("ABCDFIMSU");

  /// What may be delegated: all exceptions of table §3.1.15 but a call from M-mode.
  static final long DELEGABLE_EXCEPTIONS = 0xb3ff;

  static final long SUPERVISOR_INTERRUPTS = 1 << Hart.SSIP | 1 << Hart.STIP | 1 << Hart.SEIP;
  static final long MACHINE_INTERRUPTS = 1 << Hart.MSIP | 1 << Hart.MTIP | 1 << Hart.MEIP;

  static final long CBIE = 3 << 4;
  static final long CBCFE = 1 << 6;
  static final long CBZE = 1 << 7;
  static final long ADUE = 1L << 61;
  static final long STCE = 1L << 63;
  private static final long SENVCFG_WRITABLE = 1 | CBIE | CBCFE | CBZE;
  private static final long MENVCFG_WRITABLE = SENVCFG_WRITABLE | ADUE | STCE;

  /// `tinfo` of a hart without triggers, whose other trigger registers read zero: what is selected
  /// does not exist (debug specification 1.0, §5.7.4). Software that looks for triggers finds none.
  private static final long NO_TRIGGER = 1;

  private final Hart hart;
  final Pmp pmp = new Pmp();
  final Counters counters;
  final Interrupts interrupts;
  final FloatState floats = new FloatState(this);

  long medeleg;
  long mideleg;
  long mtvec;
  long mscratch;
  long mepc;
  long mcause;
  long mtval;
  long menvcfg;
  long stvec;
  long senvcfg;
  long satp;

  Csrs(Hart hart, TimeSource time) {
    this.hart = hart;
    this.counters = new Counters(hart, time);
    this.interrupts = new Interrupts(hart, this, time);
  }

  private static long letters(String extensions) {
    return extensions.chars().mapToLong(letter -> 1L << (letter - 'A')).reduce(0, (a, b) -> a | b);
  }

  void reset() {
    setMstatus(Status.XLENS);
    setSscratch(0);
    setSepc(0);
    setScause(0);
    setStval(0);
    medeleg = mideleg = mtvec = mscratch = mepc = mcause = mtval = menvcfg = 0;
    stvec = senvcfg = satp = 0;
    pmp.reset();
    counters.reset();
    interrupts.reset();
    floats.reset();
  }

  /// As firmware leaves it for the S-mode that it enters.
  void resetForSupervisor() {
    medeleg = DELEGABLE_EXCEPTIONS;
    mideleg = SUPERVISOR_INTERRUPTS;
    menvcfg = MENVCFG_WRITABLE & ~1;
    counters.enableAll();
    pmp.openAll();
  }

  private long element(int place) {
    return HostMemory.element(hart.state, place);
  }

  private void setElement(int place, long value) {
    HostMemory.setElement(hart.state, place, value);
  }

  long mstatus() {
    return element(HartBlock.MSTATUS);
  }

  void setMstatus(long value) {
    setElement(HartBlock.MSTATUS, value);
  }

  private long sscratch() {
    return element(HartBlock.SSCRATCH);
  }

  private void setSscratch(long value) {
    setElement(HartBlock.SSCRATCH, value);
  }

  long sepc() {
    return element(HartBlock.SEPC);
  }

  void setSepc(long value) {
    setElement(HartBlock.SEPC, value);
  }

  void setScause(long value) {
    setElement(HartBlock.SCAUSE, value);
  }

  void setStval(long value) {
    setElement(HartBlock.STVAL, value);
  }

  int dataPrivilege() {
    return (mstatus() & Status.MPRV) != 0
        ? (int) (mstatus() & Status.MPP) >>> Status.MPP_SHIFT
        : hart.privilege;
  }

  boolean updatesPageTables() {
    return (menvcfg & ADUE) != 0;
  }

  /// The number again, of a register that M-mode could reach with everything switched on; throws
  /// IllegalArgumentException for others.
  int existing(int number, boolean write) {
    int mode = hart.privilege;
    long status = mstatus();
    hart.privilege = Privilege.MACHINE;
    setMstatus(status | Status.FS);
    boolean permitted = permits(number, write);
    hart.privilege = mode;
    setMstatus(status);
    if (!permitted) {
      throw new IllegalArgumentException(
          "no such control and status register: 0x" + Integer.toHexString(number));
    }
    return number;
  }

  /// Whether an instruction in the present mode may read, or write, the register. What it refuses
  /// is an illegal instruction (§2.1).
  boolean permits(int csr, boolean write) {
    if ((csr >>> 8 & 3) > hart.privilege || (write && csr >>> 10 == 3)) {
      return false;
    }
    if (csr >= Csr.CYCLE && csr <= Csr.HPMCOUNTER31) {
      return counters.permits(csr - Csr.CYCLE);
    }
    return switch (csr) {
      case Csr.FFLAGS, Csr.FRM, Csr.FCSR -> (mstatus() & Status.FS) != 0;
      case Csr.SATP -> hart.privilege == Privilege.MACHINE || (mstatus() & Status.TVM) == 0;
      case Csr.STIMECMP ->
          hart.privilege == Privilege.MACHINE
              || ((menvcfg & STCE) != 0 && counters.permits(Csr.TIME - Csr.CYCLE));
      case Csr.SSTATUS, Csr.SIE, Csr.STVEC, Csr.SCOUNTEREN, Csr.SENVCFG -> true;
      case Csr.SSCRATCH, Csr.SEPC, Csr.SCAUSE, Csr.STVAL, Csr.SIP -> true;
      default -> existsForMachine(csr);
    };
  }

  private static boolean existsForMachine(int csr) {
    return (csr >= Csr.MSTATUS && csr <= Csr.MCOUNTEREN)
        || csr == Csr.MENVCFG
        || csr == Csr.MCOUNTINHIBIT
        || (csr >= Csr.MHPMEVENT3 && csr <= Csr.MHPMEVENT31)
        || (csr >= Csr.MSCRATCH && csr <= Csr.MIP)
        || csr == Csr.PMPCFG0
        || csr == Csr.PMPCFG2
        || (csr >= Csr.PMPADDR0 && csr <= Csr.PMPADDR15)
        || (csr >= Csr.TSELECT && csr <= Csr.TINFO)
        || csr == Csr.MCYCLE
        || (csr >= Csr.MINSTRET && csr <= Csr.MHPMCOUNTER31)
        || (csr >= Csr.MVENDORID && csr <= Csr.MCONFIGPTR);
  }

  long read(int csr) {
    return switch (csr >>> 8) {
      case 0x0 -> floats.read(csr);
      case 0x1 -> readSupervisor(csr);
      case 0x3 -> readMachine(csr);
      case 0x7 -> csr == Csr.TINFO ? NO_TRIGGER : 0;
      case 0xb, 0xc -> counters.read(csr & 31);
      default -> csr == Csr.MHARTID ? hart.id() : 0;
    };
  }

  private long readSupervisor(int csr) {
    return switch (csr) {
      case Csr.SSTATUS -> withDirtySummary(mstatus() & (Status.SUPERVISOR_WRITABLE | Status.UXL));
      case Csr.SIE -> interrupts.enabled() & mideleg;
      case Csr.STVEC -> stvec;
      case Csr.SCOUNTEREN -> counters.scounteren;
      case Csr.SENVCFG -> senvcfg;
      case Csr.SSCRATCH -> sscratch();
      case Csr.SEPC -> sepc();
      case Csr.SCAUSE -> element(HartBlock.SCAUSE);
      case Csr.STVAL -> element(HartBlock.STVAL);
      case Csr.SIP -> interrupts.pendingNow() & mideleg;
      case Csr.STIMECMP -> interrupts.stimecmp();
      case Csr.SATP -> satp;
      default -> throw new AssertionError(csr);
    };
  }

  private long readMachine(int csr) {
    if (csr >= Csr.PMPADDR0) {
      return pmp.readAddress(csr - Csr.PMPADDR0);
    }
    return switch (csr) {
      case Csr.MSTATUS -> withDirtySummary(mstatus());
      case Csr.MISA -> MISA_VALUE;
      case Csr.MEDELEG -> medeleg;
      case Csr.MIDELEG -> mideleg;
      case Csr.MIE -> interrupts.enabled();
      case Csr.MTVEC -> mtvec;
      case Csr.MCOUNTEREN -> counters.mcounteren;
      case Csr.MENVCFG -> menvcfg;
      case Csr.MCOUNTINHIBIT -> counters.inhibit();
      case Csr.MSCRATCH -> mscratch;
      case Csr.MEPC -> mepc;
      case Csr.MCAUSE -> mcause;
      case Csr.MTVAL -> mtval;
      case Csr.MIP -> interrupts.pendingNow();
      case Csr.PMPCFG0, Csr.PMPCFG2 -> pmp.readConfig(csr - Csr.PMPCFG0);
      default -> 0; // mhpmevent: no events
    };
  }

  private static long withDirtySummary(long status) {
    return (status & Status.FS) == Status.FS ? status | Status.SD : status;
  }

  void write(int csr, long value) {
    switch (csr >>> 8) {
      case 0x0 -> floats.write(csr, value);
      case 0x1 -> writeSupervisor(csr, value);
      case 0x3 -> writeMachine(csr, value);
      case 0xb -> counters.write(csr & 31, value);
      default -> {}
    }
  }

  private void writeSupervisor(int csr, long value) {
    switch (csr) {
      case Csr.SSTATUS -> writeStatus(value, Status.SUPERVISOR_WRITABLE);
      case Csr.SIE -> interrupts.writeEnabled(value, mideleg);
      case Csr.STVEC -> stvec = legalVector(stvec, value);
      case Csr.SCOUNTEREN -> counters.scounteren = value & 0xffff_ffffL;
      case Csr.SENVCFG -> {
        senvcfg = legalEnvironment(value, SENVCFG_WRITABLE);
        enterEnvironment();
      }
      case Csr.SSCRATCH -> setSscratch(value);
      case Csr.SEPC -> setSepc(value & ~1);
      case Csr.SCAUSE -> setScause(value);
      case Csr.STVAL -> setStval(value);
      case Csr.SIP -> interrupts.writePending(value, mideleg & 1 << Hart.SSIP);
      case Csr.STIMECMP -> interrupts.setStimecmp(value);
      case Csr.SATP -> writeSatp(value);
      default -> throw new AssertionError(csr);
    }
  }

  private void writeMachine(int csr, long value) {
    if (csr >= Csr.PMPADDR0) {
      pmp.writeAddress(csr - Csr.PMPADDR0, value);
      hart.mmu.flushAll();
      return;
    }
    switch (csr) {
      case Csr.MSTATUS -> writeStatus(value, Status.MACHINE_WRITABLE | Status.MPP);
      case Csr.MEDELEG -> medeleg = value & DELEGABLE_EXCEPTIONS;
      case Csr.MIDELEG -> mideleg = value & SUPERVISOR_INTERRUPTS;
      case Csr.MIE -> interrupts.writeEnabled(value, MACHINE_INTERRUPTS | SUPERVISOR_INTERRUPTS);
      case Csr.MTVEC -> mtvec = legalVector(mtvec, value);
      case Csr.MCOUNTEREN -> counters.mcounteren = value & 0xffff_ffffL;
      case Csr.MENVCFG -> {
        menvcfg = legalEnvironment(value, MENVCFG_WRITABLE);
        hart.mmu.flushAll();
      }
      case Csr.MCOUNTINHIBIT -> counters.setInhibit(value);
      case Csr.MSCRATCH -> mscratch = value;
      case Csr.MEPC -> mepc = value & ~1;
      case Csr.MCAUSE -> mcause = value;
      case Csr.MTVAL -> mtval = value;
      case Csr.MIP -> interrupts.writePending(value, SUPERVISOR_INTERRUPTS);
      case Csr.PMPCFG0, Csr.PMPCFG2 -> {
        pmp.writeConfig(csr - Csr.PMPCFG0, value);
        hart.mmu.flushAll();
      }
      default -> {} // misa is fixed, mhpmevent is zero
    }
  }

  /// MPP becomes U-mode where 2, no mode of ours, is written.
  private void writeStatus(long value, long writable) {
    long legal = (value & Status.MPP) == 2L << Status.MPP_SHIFT ? value & ~Status.MPP : value;
    long old = mstatus();
    setMstatus((old & ~writable) | (legal & writable));
    if (((old ^ mstatus()) & Status.TRANSLATION) != 0) {
      hart.mmu.enterContexts();
    }
  }

  /// Modes are direct and vectored; a reserved one changes the base only.
  private static long legalVector(long old, long value) {
    return (value & 2) == 0 ? value : (value & ~3) | (old & 1);
  }

  /// CBIE becomes 0, which grants nothing, where 2, which is reserved, is written.
  private static long legalEnvironment(long value, long writable) {
    long legal = value & writable;
    return (value & CBIE) == 2 << 4 ? legal & ~CBIE : legal;
  }

  /// A mode that is none of Bare, Sv39, Sv48, Sv57 leaves the whole register as it is (§12.1.11).
  private void writeSatp(long value) {
    int mode = (int) (value >>> 60);
    if (mode == 0 || (mode >= 8 && mode <= 10)) {
      satp = value;
      hart.mmu.enterContexts();
    }
  }

  /// What `cbo` and the like may do below M-mode: `menvcfg` grants it to S, both to U (§21.4).
  boolean environmentAllows(long bits) {
    return switch (hart.privilege) {
      case Privilege.MACHINE -> true;
      case Privilege.SUPERVISOR -> (menvcfg & bits) != 0;
      default -> (menvcfg & bits) != 0 && (senvcfg & bits) != 0;
    };
  }

  /// Must follow each change of privilege and of what `menvcfg` and `senvcfg` allow.
  void enterEnvironment() {
    setElement(HartBlock.PRIVILEGE, hart.privilege);
    setElement(HartBlock.MAY_ZERO, environmentAllows(CBZE) ? 1 : 0);
  }
}
