package brume.hypervisor.reference;

import java.util.function.LongSupplier;

/// Control and status registers of the reference hart: privileged specification chapters 2, 3 and
/// 12, unprivileged §7, §20.2, and Sstc. A register it does not know raises [Unknown].
final class ReferenceCsrs {
  /// Fields of `mstatus`: position, and width in the upper half.
  static final int SIE = 1, MIE = 3, SPIE = 5, MPIE = 7, SPP = 8, MPP = 11 | 2 << 8;

  static final int FS = 13 | 2 << 8, MPRV = 17, SUM = 18, MXR = 19, TVM = 20, TW = 21, TSR = 22;
  private static final long MSTATUS_WRITABLE = 0x7e_79aaL;
  private static final long SSTATUS_WRITABLE = 0xc_6122L;
  private static final long SSTATUS_SHOWN = 0x8000_0003_000d_e762L;
  private static final long WIDTHS = 0xa_0000_0000L;
  private static final long SUPERVISOR_INTERRUPTS = 0x222;

  /// No such register, or not for this access; becomes an illegal instruction.
  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unknown() {
      super(null, null, false, false);
    }
  }

  final ReferenceProtection protection = new ReferenceProtection();
  private final LongSupplier time;
  private final long hartId;
  int privilege = 3;
  private long mstatus = WIDTHS;
  private long medeleg, mideleg, mie, mcounteren, menvcfg, mcountinhibit, mscratch;
  private long scounteren, senvcfg, sscratch, stimecmp;
  long mtvec, stvec, mepc, sepc, mcause, scause, mtval, stval, satp;
  long interruptLines, softwarePending;
  int fcsr;
  private long inhibited;
  long minstret, mcycle;
  boolean minstretWritten, mcycleWritten;

  ReferenceCsrs(long hartId, LongSupplier time) {
    this.hartId = hartId;
    this.time = time;
  }

  int status(int field) {
    return (int) (mstatus >>> (field & 0xff)) & ((1 << Math.max(1, field >> 8)) - 1);
  }

  void setStatus(int field, int value) {
    long mask = (1L << Math.max(1, field >> 8)) - 1;
    int shift = field & 0xff;
    mstatus = (mstatus & ~(mask << shift)) | ((long) value << shift);
  }

  boolean hardwareUpdatesEntries() {
    return (menvcfg >>> 61 & 1) != 0;
  }

  boolean supervisorTimer() {
    return menvcfg < 0;
  }

  /// `cbo` permission (§3.1.18): the field at `shift` of both environment registers must allow it.
  int environmentField(int shift, int width) {
    int mask = (1 << width) - 1;
    int machine = (int) (menvcfg >>> shift) & mask;
    int supervisor = (int) (senvcfg >>> shift) & mask;
    return switch (privilege) {
      case 3 -> mask;
      case 1 -> machine;
      default -> machine == 0 || supervisor == 0 ? 0 : Math.min(machine, supervisor);
    };
  }

  long pending() {
    long pending = interruptLines | (softwarePending & ~(supervisorTimer() ? 0x20 : 0));
    if (supervisorTimer() && Long.compareUnsigned(time.getAsLong(), stimecmp) >= 0) {
      pending |= 0x20;
    }
    return pending;
  }

  /// The interrupt to take now, or -1: §3.1.9 gives the order.
  int interrupt() {
    long enabled = pending() & mie;
    boolean machine = privilege < 3 || status(MIE) != 0;
    boolean supervisor = privilege < 1 || (privilege == 1 && status(SIE) != 0);
    int[] order = {11, 3, 7, 9, 1, 5};
    for (boolean forSupervisor : new boolean[] {false, true}) {
      for (int bit : order) {
        boolean ready = (enabled >>> bit & 1) != 0 && delegated(true, bit) == forSupervisor;
        if (ready && (forSupervisor ? supervisor : machine)) {
          return bit;
        }
      }
    }
    return -1;
  }

  boolean anyEnabledPending() {
    return (pending() & mie) != 0;
  }

  boolean delegated(boolean interrupt, int cause) {
    return interrupt
        ? (mideleg >>> cause & 1) != 0
        : privilege <= 1 && (medeleg >>> cause & 1) != 0;
  }

  /// Whether privilege, access and state allow it at all.
  void checkAccess(int number, boolean write) {
    if (privilege < (number >> 8 & 3) || (write && number >> 10 == 3)) {
      throw new Unknown();
    }
    if (number <= 3 && status(FS) == 0) {
      throw new Unknown();
    }
    if (number == 0x180 && privilege == 1 && status(TVM) != 0) {
      throw new Unknown();
    }
    if (number == 0x14d && privilege == 1 && (!supervisorTimer() || (mcounteren & 2) == 0)) {
      throw new Unknown();
    }
    if (number >= 0xc00 && number < 0xc20) {
      long machine = mcounteren >>> (number & 31) & 1;
      long supervisor = scounteren >>> (number & 31) & 1;
      if ((privilege < 3 && machine == 0) || (privilege < 1 && supervisor == 0)) {
        throw new Unknown();
      }
    }
  }

  long read(int number) {
    if ((number >= 0xb03 && number < 0xb20)
        || (number >= 0xc03 && number < 0xc20)
        || (number >= 0x323 && number < 0x340)) {
      return 0;
    }
    if (number >= 0x3b0 && number < 0x3c0) {
      return protection.address[number - 0x3b0];
    }
    long dirty = status(FS) == 3 ? Long.MIN_VALUE : 0;
    return switch (number) {
      case 0x001 -> fcsr & 31;
      case 0x002 -> fcsr >> 5;
      case 0x003 -> fcsr;
      case 0x100 -> (mstatus | dirty) & SSTATUS_SHOWN;
      case 0x104 -> mie & mideleg;
      case 0x105 -> stvec;
      case 0x106 -> scounteren;
      case 0x10a -> senvcfg;
      case 0x140 -> sscratch;
      case 0x141 -> sepc;
      case 0x142 -> scause;
      case 0x143 -> stval;
      case 0x144 -> pending() & mideleg;
      case 0x14d -> stimecmp;
      case 0x180 -> satp;
      case 0x300 -> mstatus | dirty;
      case 0x301 -> 0x8000_0000_0014_112fL;
      case 0x302 -> medeleg;
      case 0x303 -> mideleg;
      case 0x304 -> mie;
      case 0x305 -> mtvec;
      case 0x306 -> mcounteren;
      case 0x30a -> menvcfg;
      case 0x320 -> mcountinhibit;
      case 0x340 -> mscratch;
      case 0x341 -> mepc;
      case 0x342 -> mcause;
      case 0x343 -> mtval;
      case 0x344 -> pending();
      case 0x3a0 -> protection.readConfig(0);
      case 0x3a2 -> protection.readConfig(8);
      case 0x7a0, 0x7a1, 0x7a2, 0x7a3 -> 0;
      case 0x7a4 -> 1;
      case 0xb00, 0xc00 -> mcycle;
      case 0xc01 -> time.getAsLong();
      case 0xb02, 0xc02 -> minstret;
      case 0xf11, 0xf12, 0xf13, 0xf15 -> 0;
      case 0xf14 -> hartId;
      default -> throw new Unknown();
    };
  }

  void write(int number, long value) {
    if ((number >= 0xb03 && number < 0xb20) || (number >= 0x323 && number < 0x340)) {
      return;
    }
    if (number >= 0x3b0 && number < 0x3c0) {
      protection.writeAddress(number - 0x3b0, value);
      return;
    }
    switch (number) {
      case 0x001 -> writeFloat((fcsr & ~31) | ((int) value & 31));
      case 0x002 -> writeFloat((fcsr & 31) | ((int) value & 7) << 5);
      case 0x003 -> writeFloat((int) value & 255);
      case 0x100 -> mstatus = merge(mstatus, value, SSTATUS_WRITABLE);
      case 0x104 -> mie = merge(mie, value, mideleg);
      case 0x105 -> stvec = vector(stvec, value);
      case 0x106 -> scounteren = value & 0xffff_ffffL;
      case 0x10a -> senvcfg = environment(value, 0xf1);
      case 0x140 -> sscratch = value;
      case 0x141 -> sepc = value & ~1;
      case 0x142 -> scause = value;
      case 0x143 -> stval = value;
      case 0x144 -> softwarePending = merge(softwarePending, value, mideleg & 2);
      case 0x14d -> stimecmp = value;
      case 0x180 -> writeSatp(value);
      case 0x300 -> writeStatus(value);
      case 0x301, 0x7a0, 0x7a1, 0x7a2, 0x7a3, 0x7a4 -> {}
      case 0x302 -> medeleg = value & 0xb3ff;
      case 0x303 -> mideleg = value & SUPERVISOR_INTERRUPTS;
      case 0x304 -> mie = value & 0xaaa;
      case 0x305 -> mtvec = vector(mtvec, value);
      case 0x306 -> mcounteren = value & 0xffff_ffffL;
      case 0x30a -> menvcfg = environment(value, 0xa000_0000_0000_00f1L);
      case 0x320 -> mcountinhibit = value & 5;
      case 0x340 -> mscratch = value;
      case 0x341 -> mepc = value & ~1;
      case 0x342 -> mcause = value;
      case 0x343 -> mtval = value;
      case 0x344 ->
          softwarePending = merge(softwarePending, value, supervisorTimer() ? 0x202 : 0x222);
      case 0x3a0 -> protection.writeConfig(0, value);
      case 0x3a2 -> protection.writeConfig(8, value);
      case 0xb00 -> {
        mcycle = value;
        mcycleWritten = true;
      }
      case 0xb02 -> {
        minstret = value;
        minstretWritten = true;
      }
      default -> throw new Unknown();
    }
  }

  private static long merge(long old, long value, long mask) {
    return (old & ~mask) | (value & mask);
  }

  /// `CBIE` knows 0, 1 and 3.
  private static long environment(long value, long mask) {
    return (value & 0x30) == 0x20 ? value & mask & ~0x30 : value & mask;
  }

  /// Mode 0 or 1; the old one stays where neither is written.
  private static long vector(long old, long value) {
    return (value & 3) < 2 ? value : merge(value, old, 3);
  }

  private void writeFloat(int value) {
    fcsr = value;
    setStatus(FS, 3);
  }

  private void writeStatus(long value) {
    mstatus = merge(mstatus, value, MSTATUS_WRITABLE);
    if (status(MPP) == 2) {
      setStatus(MPP, 0);
    }
  }

  private void writeSatp(long value) {
    long mode = value >>> 60;
    if (mode == 0 || (mode >= 8 && mode <= 10)) {
      satp = value;
    }
  }

  /// Before an instruction: what is inhibited now counts for it (§3.1.12), as its own write of
  /// `mcountinhibit` does for the next.
  void begin() {
    inhibited = mcountinhibit;
  }

  /// After an instruction that retired.
  void count() {
    if (!minstretWritten && (inhibited & 4) == 0) {
      minstret++;
    }
    if (!mcycleWritten && (inhibited & 1) == 0) {
      mcycle++;
    }
    minstretWritten = false;
    mcycleWritten = false;
  }
}
