package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;
import brume.hypervisor.memory.PhysicalMemory;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One RISC-V hardware thread: RV64GC and the extensions of [Encoding], M, S and U mode.
///
/// It runs only inside [#run], on one thread at a time. Interrupt lines may be set from any thread;
/// they reach the hart between two instructions.
///
/// The program counter exists only at rest: in flight it is [#pageBase] with the offset of the
/// instruction at hand. A slice of a run is a number of credits; an instruction takes one, a step
/// of the machine gives its own back, so counts are exact at any instruction.
public final class Hart {
  /// Bits of `mip`, as the privileged specification §3.1.9 numbers them.
  public static final int SSIP = 1, MSIP = 3, STIP = 5, MTIP = 7, SEIP = 9, MEIP = 11;

  /// Instructions between two looks at the outside.
  private static final int SLICE = 8_192;

  private final int id;
  final PhysicalMemory memory;
  final @Nullable SupervisorCalls supervisorCalls;
  final HartGroup group;
  final Csrs csrs;
  final Mmu mmu;
  final Traps traps;

  /// As [HartBlock] says.
  final long[] state = HartBlock.create();

  final MemorySegment block = MemorySegment.ofArray(state);

  /// An integer register, or the one behind the last, [Instruction#DISCARD].
  long get(int register) {
    return HostMemory.element(state, HartBlock.X + ((long) register << 3));
  }

  void set(int register, long value) {
    HostMemory.setElement(state, HartBlock.X + ((long) register << 3), value);
  }

  int privilege;

  final TranslationBuffer loadBuffer = new TranslationBuffer(state, HartBlock.LOADS);
  final TranslationBuffer storeBuffer = new TranslationBuffer(state, HartBlock.STORES);
  final FetchBuffer fetchBuffer = new FetchBuffer();
  final JumpCache jumps = new JumpCache(state);
  long fetchContext;
  long dataContext;

  /// The virtual address of the page being executed, and its number in RAM; -1 where every
  /// instruction must be looked up because protection is finer than the page.
  long pageBase;

  private int pageNumber = -1;

  /// The place that was entered last, and what had retired then.
  Head lastHead = Head.nowhere();

  long lastHeadAt;

  long credit;
  private long retiredAtZeroCredit;
  private long unused;
  private long pc;
  private boolean redirected;
  private boolean waiting;
  private boolean yielded;
  private boolean running;

  /// The thread inside [#run] where harts run in parallel, else null; guarded by the group's lock
  /// for writing. Whoever asked this hart for something need not wait for it while null.
  volatile @Nullable Thread runner;

  /// Rounds of [Rendezvous#answer]; written by the hart's own thread.
  volatile int answers;

  private volatile Runnable signalled = () -> {};

  /// What [Rendezvous#answer] left to do before the next instruction: look it up anew, and before
  /// that [Rendezvous#synchronizeCode].
  boolean refetch;

  boolean codeStale;

  public Hart(int id, PhysicalMemory memory, HartConfig config, TimeSource time) {
    this.id = id;
    this.memory = memory;
    this.supervisorCalls = config.supervisorCalls();
    this.group = (HartGroup) memory.decodedCode(() -> new HartGroup(memory.ram(), config));
    this.csrs = new Csrs(this, time);
    this.mmu = new Mmu(this, memory, csrs);
    this.traps = new Traps(this, csrs);
    group.join(this, config.parallel());
    reset(0, 0);
  }

  void enterContexts(long fetch, long data) {
    fetchContext = fetch;
    jumps.enterContext(fetch);
    dataContext = data;
    HostMemory.setElement(state, HartBlock.CONTEXT, data);
    csrs.enterEnvironment();
  }

  public int id() {
    return id;
  }

  /// To the state after reset: M-mode (S-mode with everything delegated when `config` is
  /// paravirtual), at `pc`, `a0` = hart id, `a1` = `argument` (the device tree), all else zero.
  public void reset(long pc, long argument) {
    for (int register = 0; register < 32; register++) {
      setX(register, 0);
      setF(register, 0);
    }
    setX(10, id);
    setX(11, argument);
    csrs.reset();
    privilege = Privilege.MACHINE;
    if (supervisorCalls != null) {
      csrs.resetForSupervisor();
      privilege = Privilege.SUPERVISOR;
    }
    waiting = false;
    mmu.dropReservation();
    mmu.flushAll();
    setPc(pc);
  }

  /// Runs until about `budget` instructions have retired (a few more are possible, never many), or
  /// the hart waits for an interrupt, or [#requestExit]. Returns how many retired. An attempt that
  /// traps takes its part of the budget too, so `run(1)` is one step.
  public long run(long budget) {
    if (!group.parallel) {
      takeTurn();
      return runAlone(budget);
    }
    group.enter(this);
    try {
      return runAlone(budget);
    } finally {
      group.leave(this);
    }
  }

  /// Where harts take turns, whoever ran in between may have written what this one reserved.
  private void takeTurn() {
    if (group.lastRunner != this) {
      group.lastRunner = this;
      mmu.dropReservation();
    }
  }

  private long runAlone(long budget) {
    fetchBuffer.clearIfOld();
    if (waiting && !csrs.interrupts.wakes()) {
      csrs.interrupts.lower(Interrupts.EXIT);
      return 0;
    }
    waiting = false;
    yielded = false;
    redirected = false;
    long before = retired();
    long left = budget;
    running = true;
    Instruction at = jump(pc);
    while (left > 0 && !waiting && !yielded) {
      at = attend(at);
      if ((csrs.interrupts.signals.get() & Interrupts.EXIT) != 0) {
        break;
      }
      int slice = (int) Math.min(left, SLICE);
      unused = 0;
      credit = slice;
      retiredAtZeroCredit += slice;
      at = runSlice(at);
      left -= slice - unused;
    }
    running = false;
    csrs.interrupts.lower(Interrupts.EXIT);
    pc = pageBase + at.offset;
    return retired() - before;
  }

  private long addressOf(Instruction at) {
    return pageBase + at.offset;
  }

  /// For who looks at every instruction: what [#run] does before one (fences from afar, the timer,
  /// an interrupt that is due), and none. [#pc] is then where the next one is.
  public void settle() {
    if (isWaiting()) {
      return;
    }
    waiting = false;
    pc = addressOf(attend(jump(pc)));
  }

  /// Ends a wait for an interrupt, as any reason may (RISC-V privileged §3.3.3).
  public void wake() {
    waiting = false;
  }

  /// The one instruction at [#pc], with no interrupt before it, or its trap. Answers whether the
  /// hart can go on at once: it does not wait, and nobody asked it to stop by [#requestExit].
  public boolean step() {
    takeTurn();
    waiting = false;
    redirected = false;
    running = true;
    unused = 0;
    credit = 1;
    retiredAtZeroCredit++;
    pc = addressOf(runSlice(jump(pc)));
    running = false;
    yielded = false;
    boolean leaves = (csrs.interrupts.signals.get() & Interrupts.EXIT) != 0;
    csrs.interrupts.lower(Interrupts.EXIT);
    return !leaves && !waiting;
  }

  private Instruction runSlice(Instruction first) {
    Instruction at = first;
    while (credit > 0) {
      credit--;
      at = at.execute(this);
    }
    return at;
  }

  /// Between two instructions: fences from afar, the timer, interrupts.
  private Instruction attend(Instruction at) {
    Instruction next = at;
    Rendezvous.answer(this);
    if (refetch) {
      next = lookUpAgain(pageBase + at.offset);
    }
    csrs.interrupts.lookAtTimer();
    return interruptible(next);
  }

  /// The instruction at an address, after others may have changed what it is.
  private Instruction lookUpAgain(long address) {
    refetch = false;
    if (codeStale) {
      Rendezvous.synchronizeCode(this);
    }
    return jump(address);
  }

  /// Takes an interrupt before `next` where one is due.
  Instruction interruptible(Instruction next) {
    int number = csrs.interrupts.deliverable();
    return number < 0 ? next : jump(traps.interrupt(pageBase + next.offset, number));
  }

  /// Takes an exception of `at`, which does not retire.
  Instruction trap(Instruction at, int cause, long value) {
    retiredAtZeroCredit--;
    return jump(traps.exception(pageBase + at.offset, cause, value));
  }

  Instruction supervisorCall(SupervisorCalls calls, Instruction at) {
    pc = pageBase + at.offset;
    calls.call(this);
    if (redirected) {
      redirected = false;
      return interruptible(lookUpAgain(pc));
    }
    afterDevice();
    if (refetch) {
      return interruptible(lookUpAgain(pageBase + at.offset + at.length));
    }
    return interruptible(at.next);
  }

  /// Someone outside was called: what they ask for need not wait for the end of the slice.
  void afterDevice() {
    long signals = csrs.interrupts.signals.get();
    if ((signals & Interrupts.WISHES) != 0 || csrs.interrupts.deliverable() >= 0) {
      endSlice();
    }
  }

  private void endSlice() {
    unused += credit;
    retiredAtZeroCredit -= credit;
    credit = 0;
  }

  /// Gives the rest of this run away.
  void giveWay() {
    yielded = true;
    endSlice();
  }

  /// Whether the last run ended so.
  public boolean hasGivenWay() {
    return yielded;
  }

  /// `wfi`, also for [SupervisorCalls#call]: nothing more is executed until an enabled interrupt is
  /// pending.
  public void waitForInterrupt() {
    if (!csrs.interrupts.wakes()) {
      waiting = true;
      endSlice();
    }
  }

  /// The instruction at a virtual address; where nothing can be fetched, one that traps.
  Instruction jump(long target) {
    CodePage page = fetchBuffer.find(target, fetchContext);
    if (page == null) {
      return jumpSlowly(target);
    }
    pageBase = target & -CodePage.BYTES;
    pageNumber = page.number;
    int offset = (int) target & CodePage.BYTES - 1;
    return page.at(offset) instanceof Head head ? head : group.enter(page, offset);
  }

  /// As [#jump], for an instruction that must be interpreted and is no place to enter at.
  Instruction resume(long target) {
    CodePage page = cachedPage(target);
    if (page == null) {
      return jumpSlowly(target).plain();
    }
    pageBase = target & -CodePage.BYTES;
    pageNumber = page.number;
    return inPage((int) target & CodePage.BYTES - 1).plain();
  }

  /// The page of code at a virtual address, where the fetch buffer knows it.
  @Nullable CodePage cachedPage(long address) {
    return fetchBuffer.find(address, fetchContext);
  }

  private Instruction jumpSlowly(long target) {
    int offset = (int) target & CodePage.BYTES - 1;
    pageBase = target & -CodePage.BYTES;
    pageNumber = -1;
    long physical = mmu.translate(target, 2, Mmu.FETCH);
    if (physical < 0) {
      return new Steps.FetchFault(offset, mmu.fault, target);
    }
    if (!memory.ram().contains(physical, 2)) {
      return new Steps.FetchFault(offset, Cause.FETCH_ACCESS, target);
    }
    if (!mmu.admitsFetches(target, physical)) {
      return Steps.single(this, target, memory.ram().load16(physical));
    }
    CodePage page = group.page(memory.ram().pageNumber(physical));
    page.used = true;
    fetchBuffer.fill(target, fetchContext, page);
    pageNumber = page.number;
    return group.enter(page, offset);
  }

  /// Whether a jump to `offset` from the start of this page must be looked up each time.
  boolean leavesPage(int offset) {
    return (offset & -CodePage.BYTES) != 0 || pageNumber < 0;
  }

  Instruction inPage(int offset) {
    CodePage page = group.page(pageNumber);
    Instruction known = page.at(offset);
    return known != null ? known : group.decode(page, offset);
  }

  /// Where a jump back or a call leads within the page.
  Instruction entry(int offset) {
    return group.enter(group.page(pageNumber), offset);
  }

  /// True after `wfi` with no interrupt pending: [#run] would return 0.
  public boolean isWaiting() {
    return waiting && !csrs.interrupts.wakes();
  }

  /// The `time` at which a waiting hart's own timer (`stimecmp`) will fire; Long.MAX_VALUE if
  /// never.
  public long nextTimerTime() {
    return csrs.interrupts.nextTimerTime();
  }

  /// Sets or clears an interrupt line (`MSIP`, `MTIP`, `SEIP`, `MEIP`, and, for a paravirtual
  /// machine's IPIs, `SSIP`). Any thread.
  public void setInterrupt(int bit, boolean level) {
    csrs.interrupts.setLine(bit, level);
  }

  /// `action` is called, on whatever thread, when this hart has a new interrupt or request: one
  /// that waits may have to run again. It must not wait for harts or devices.
  public void whenSignalled(Runnable action) {
    signalled = action;
  }

  /// Calls whoever runs this hart, as a new interrupt does. Any thread.
  public void callAttention() {
    signalled.run();
  }

  /// Makes [#run] return soon. Any thread.
  public void requestExit() {
    csrs.interrupts.raise(Interrupts.EXIT);
  }

  public long x(int register) {
    return get(register & 31);
  }

  public void setX(int register, long value) {
    if ((register & 31) != 0) {
      set(register & 31, value);
    }
  }

  /// The raw bits of a floating-point register.
  public long f(int register) {
    return HostMemory.element(state, HartBlock.F + 8L * (register & 31));
  }

  public void setF(int register, long bits) {
    HostMemory.setElement(state, HartBlock.F + 8L * (register & 31), bits);
  }

  /// Of the next instruction; within [SupervisorCalls#call], of the `ecall`.
  public long pc() {
    return pc;
  }

  /// Execution goes on there. For use between runs and within [SupervisorCalls#call].
  public void setPc(long value) {
    pc = value & ~1;
    redirected = true;
  }

  public int privilege() {
    return privilege;
  }

  /// For tests and restored snapshots; `mode` as in [Privilege].
  public void setPrivilege(int mode) {
    if (mode != Privilege.USER && mode != Privilege.SUPERVISOR && mode != Privilege.MACHINE) {
      throw new IllegalArgumentException("privilege must be 0, 1 or 3, not " + mode);
    }
    privilege = mode;
    mmu.enterContexts();
  }

  /// What M-mode would read. Throws IllegalArgumentException for a register that does not exist.
  public long csr(int number) {
    return csrs.read(csrs.existing(number, false));
  }

  /// As M-mode would write it.
  public void setCsr(int number, long value) {
    csrs.write(csrs.existing(number, true), value);
  }

  /// SBI TIME and Sstc meet here: the next timer interrupt of S-mode.
  public void setStimecmp(long time) {
    csrs.interrupts.setStimecmp(time);
  }

  /// Forgets translations (`SFENCE.VMA` from afar). Any thread; takes effect before the next
  /// instruction.
  public void requestTranslationFence() {
    csrs.interrupts.raise(Interrupts.TRANSLATION_FENCE);
  }

  /// Forgets decoded instructions (`FENCE.I` from afar). Any thread.
  public void requestInstructionFence() {
    csrs.interrupts.raise(Interrupts.INSTRUCTION_FENCE);
  }

  /// Returns when `target` has done the fences that it was asked for before, or does not run; it
  /// does them before its next instruction in any case. For use within [SupervisorCalls#call], with
  /// no lock held: this hart may have to answer others meanwhile.
  public void awaitFences(Hart target) {
    if (target != this && group.parallel) {
      Rendezvous.await(this, target, Interrupts.TRANSLATION_FENCE | Interrupts.INSTRUCTION_FENCE);
    }
  }

  /// Instructions retired since the hart was made (`minstret` without the guest's writes to it).
  public long retired() {
    return retiredAtZeroCredit - credit;
  }

  /// As an instruction reads it, whose own credit is taken already: what retired before it.
  long retiredBeforeThis() {
    return running ? retired() - 1 : retired();
  }
}
