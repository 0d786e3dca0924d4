package brume.hypervisor.reference;

import java.util.function.LongSupplier;

/// RV64GC with Zba, Zbb, Zbc, Zbs, Zicsr, Zifencei, Zicbom, Zicboz, Zawrs, Svinval and M, S and U
/// mode, one instruction a [#step], straight from the specifications: it decodes the raw word every
/// time and walks the page table for every access. Where the specification leaves a choice it does
/// as the real hart documents.
public final class ReferenceHart {
  final long[] x = new long[32];
  final long[] f = new long[32];
  final ReferenceCsrs csrs;
  final ReferenceMemory memory;
  private final ReferenceTranslation translation;
  private final ReferenceFloat floating = new ReferenceFloat(this);
  private final ReferenceSystem system = new ReferenceSystem(this);
  long pc;
  private long nextPc;
  private int word;
  private long retired;
  private long reserved = -1;
  private int reservedLength;

  public ReferenceHart(long id, ReferenceMemory memory, LongSupplier time) {
    this.memory = memory;
    this.csrs = new ReferenceCsrs(id, time);
    this.translation = new ReferenceTranslation(memory, csrs);
  }

  public void start(long at) {
    pc = at;
  }

  public long x(int register) {
    return x[register];
  }

  public void setX(int register, long value) {
    if (register != 0) {
      x[register] = value;
    }
  }

  public long f(int register) {
    return f[register];
  }

  public void setF(int register, long value) {
    f[register] = value;
  }

  public long pc() {
    return pc;
  }

  public int privilege() {
    return csrs.privilege;
  }

  public long retired() {
    return retired;
  }

  public long csr(int number) {
    return csrs.read(number);
  }

  public void setInterrupt(int bit, boolean level) {
    long mask = 1L << bit;
    csrs.interruptLines = level ? csrs.interruptLines | mask : csrs.interruptLines & ~mask;
  }

  ReferenceTrap illegal() {
    return new ReferenceTrap(
        ReferenceTrap.ILLEGAL, (word & 3) == 3 ? word & 0xffff_ffffL : word & 0xffffL);
  }

  void jump(long target) {
    nextPc = target & ~1;
  }

  void trapTo(long target) {
    nextPc = target;
  }

  /// Enters the handler of the interrupt that is due, if any.
  public boolean takeInterrupt() {
    int interrupt = csrs.interrupt();
    if (interrupt >= 0) {
      trap(true, interrupt, 0);
    }
    return interrupt >= 0;
  }

  /// One instruction, or one trap, which retires nothing.
  public void step() {
    if (takeInterrupt()) {
      return;
    }
    csrs.begin();
    try {
      fetch();
      int insn = (word & 3) == 3 ? word : ReferenceCompressed.expand(word);
      execute(insn);
      pc = nextPc;
      retired++;
      csrs.count();
    } catch (ReferenceTrap trap) {
      trap(false, trap.cause, trap.value);
    } catch (ReferenceCsrs.Unknown unknown) {
      ReferenceTrap trap = illegal();
      trap(false, trap.cause, trap.value);
    }
  }

  /// The instruction word that the next step will meet, or why there is none.
  String lookAtCode() {
    try {
      fetch();
      return Integer.toHexString(word);
    } catch (ReferenceTrap trap) {
      return "cause " + trap.cause;
    }
  }

  private void fetch() {
    word = memory.fetch(translation.physical(pc, 2, Access.FETCH));
    nextPc = pc + 2;
    if ((word & 3) == 3) {
      word |= memory.fetch(translation.physical(pc + 2, 2, Access.FETCH)) << 16;
      nextPc = pc + 4;
    }
  }

  private void trap(boolean interrupt, int cause, long value) {
    long causeRegister = interrupt ? Long.MIN_VALUE | cause : cause;
    int from = csrs.privilege;
    boolean supervisor = csrs.delegated(interrupt, cause);
    long vector = supervisor ? csrs.stvec : csrs.mtvec;
    if (supervisor) {
      csrs.sepc = pc;
      csrs.scause = causeRegister;
      csrs.stval = value;
      csrs.setStatus(ReferenceCsrs.SPIE, csrs.status(ReferenceCsrs.SIE));
      csrs.setStatus(ReferenceCsrs.SIE, 0);
      csrs.setStatus(ReferenceCsrs.SPP, from);
      csrs.privilege = 1;
    } else {
      csrs.mepc = pc;
      csrs.mcause = causeRegister;
      csrs.mtval = value;
      csrs.setStatus(ReferenceCsrs.MPIE, csrs.status(ReferenceCsrs.MIE));
      csrs.setStatus(ReferenceCsrs.MIE, 0);
      csrs.setStatus(ReferenceCsrs.MPP, from);
      csrs.privilege = 3;
    }
    pc = (vector & ~3) + (interrupt && (vector & 1) != 0 ? 4L * cause : 0);
  }

  long load(long address, int length) {
    int first = (int) Math.min(length, 4096 - (address & 4095));
    long low = translation.physical(address, first, Access.LOAD);
    if (first == length) {
      return memory.load(low, length);
    }
    long high = translation.physical(address + first, length - first, Access.LOAD);
    return memory.load(low, first) | memory.load(high, length - first) << (8 * first);
  }

  void store(long address, int length, long value) {
    int first = (int) Math.min(length, 4096 - (address & 4095));
    long low = translation.physical(address, first, Access.STORE);
    if (first == length) {
      memory.storeByProgram(low, length, value);
      return;
    }
    long high = translation.physical(address + first, length - first, Access.STORE);
    memory.storeByProgram(low, first, value);
    memory.storeByProgram(high, length - first, value >>> (8 * first));
  }

  /// Cache-block management: allowed where a load or a store is. A fault is a store's and names the
  /// address in the register.
  void checkBlock(long address) {
    try {
      translation.physical(address & -64, 64, Access.LOAD);
    } catch (ReferenceTrap notReadable) {
      checkBlockWrite(address);
    }
  }

  void checkBlockWrite(long address) {
    try {
      translation.physical(address & -64, 64, Access.STORE);
    } catch (ReferenceTrap fault) {
      throw new ReferenceTrap(fault.cause, address);
    }
  }

  private static long signExtend(long value, int length) {
    int unused = 64 - 8 * length;
    return value << unused >> unused;
  }

  private void setOrIllegal(int rd, Long value) {
    if (value == null) {
      throw illegal();
    }
    setX(rd, value);
  }

  private void execute(int insn) {
    int rd = insn >> 7 & 31;
    int funct3 = insn >> 12 & 7;
    long a = x[insn >> 15 & 31];
    long b = x[insn >> 20 & 31];
    int immI = insn >> 20;
    int immS = (insn >> 25) << 5 | rd;
    switch (insn & 0x7f) {
      case 0x03 -> {
        if (funct3 == 7) {
          throw illegal();
        }
        int length = 1 << (funct3 & 3);
        long value = load(a + immI, length);
        setX(rd, funct3 < 4 ? signExtend(value, length) : value);
      }
      case 0x23 -> {
        if (funct3 > 3) {
          throw illegal();
        }
        store(a + immS, 1 << funct3, b);
      }
      case 0x07 -> {
        floatAccess(funct3);
        long value = load(a + immI, 1 << funct3);
        f[rd] = funct3 == 2 ? value | 0xffff_ffff_0000_0000L : value;
        csrs.setStatus(ReferenceCsrs.FS, 3);
      }
      case 0x27 -> {
        floatAccess(funct3);
        store(a + immS, 1 << funct3, f[insn >> 20 & 31]);
      }
      case 0x13 -> setOrIllegal(rd, ReferenceInteger.opImmediate(funct3, immI, a));
      case 0x1b -> setOrIllegal(rd, ReferenceInteger.opImmediateWord(funct3, immI, a));
      case 0x33 -> setOrIllegal(rd, ReferenceInteger.op(insn >>> 25, funct3, a, b));
      case 0x3b ->
          setOrIllegal(rd, ReferenceInteger.opWord(insn >>> 25, funct3, insn >> 20 & 31, a, b));
      case 0x17 -> setX(rd, pc + (insn & 0xffff_f000));
      case 0x37 -> setX(rd, insn & 0xffff_f000);
      case 0x2f -> atomic(insn, rd, funct3, a, b);
      case 0x43, 0x47, 0x4b, 0x4f -> floating.fused(insn);
      case 0x53 -> floating.operate(insn);
      case 0x63 -> branch(insn, funct3, a, b);
      case 0x67 -> {
        if (funct3 != 0) {
          throw illegal();
        }
        setX(rd, nextPc);
        jump(a + immI);
      }
      case 0x6f -> {
        int offset =
            (insn >> 31) << 20
                | (insn & 0xff000)
                | (insn >> 20 & 1) << 11
                | (insn >> 21 & 0x3ff) << 1;
        setX(rd, nextPc);
        jump(pc + offset);
      }
      case 0x0f -> system.memoryOrder(insn, a);
      case 0x73 -> system.execute(insn);
      default -> throw illegal();
    }
  }

  private void floatAccess(int funct3) {
    if (funct3 != 2 && funct3 != 3) {
      throw illegal();
    }
    floating.requireOn();
  }

  private void branch(int insn, int funct3, long a, long b) {
    boolean taken =
        switch (funct3) {
          case 0 -> a == b;
          case 1 -> a != b;
          case 4 -> a < b;
          case 5 -> a >= b;
          case 6 -> Long.compareUnsigned(a, b) < 0;
          case 7 -> Long.compareUnsigned(a, b) >= 0;
          default -> throw illegal();
        };
    if (taken) {
      int offset =
          (insn >> 31) << 12
              | (insn >> 7 & 1) << 11
              | (insn >> 25 & 63) << 5
              | (insn >> 8 & 15) << 1;
      jump(pc + offset);
    }
  }

  private void atomic(int insn, int rd, int funct3, long address, long b) {
    int funct5 = insn >>> 27;
    boolean loadReserved = funct5 == 0b00010;
    boolean storeConditional = funct5 == 0b00011;
    int length = 1 << funct3;
    boolean assigned =
        loadReserved
            ? (insn >> 20 & 31) == 0
            : storeConditional || ReferenceInteger.atomic(funct5, 4, 0, 0) != null;
    if ((length != 4 && length != 8) || !assigned) {
      throw illegal();
    }
    if ((address & (length - 1)) != 0) {
      int cause = loadReserved ? ReferenceTrap.LOAD_MISALIGNED : ReferenceTrap.STORE_MISALIGNED;
      throw new ReferenceTrap(cause, address);
    }
    if (loadReserved) {
      long physical = translation.physical(address, length, Access.LOAD);
      setX(rd, signExtend(memory.load(physical, length), length));
      reserved = physical;
      reservedLength = length;
      return;
    }
    if (storeConditional) {
      long physical = translation.physical(address, length, Access.STORE);
      boolean holds = reserved == physical && reservedLength == length;
      reserved = -1;
      if (holds) {
        memory.storeByProgram(physical, length, b);
      }
      setX(rd, holds ? 0 : 1);
      return;
    }
    long physical = translation.physical(address, length, Access.STORE);
    long old = signExtend(memory.load(physical, length), length);
    memory.storeByProgram(
        physical, length, ReferenceInteger.atomic(funct5, length, old, signExtend(b, length)));
    setX(rd, old);
  }
}
