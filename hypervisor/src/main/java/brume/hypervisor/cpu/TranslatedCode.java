package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A piece of guest code as code of the host's. Subclasses are generated; what they need is here.
///
/// Nothing in here is more than the host's compiler will inline: what does not go the fast way
/// leaves, and the interpreter executes it.
public abstract class TranslatedCode {
  /// Offsets into a hart's block, as [HartBlock] has them.
  public static final int X = HartBlock.X;

  public static final int F = HartBlock.F;
  public static final int CONTEXT = HartBlock.CONTEXT;
  public static final int PAGE_BASE = HartBlock.PAGE_BASE;
  public static final int CREDIT = HartBlock.CREDIT;
  public static final int JUMP_KEY = HartBlock.JUMP_KEY;
  public static final int JUMP_SLOT = HartBlock.JUMP_SLOT;
  public static final int JUMPS = HartBlock.JUMPS;
  public static final int PLAIN_FLOATS = HartBlock.PLAIN_FLOATS;
  public static final int RAISED = HartBlock.RAISED;
  public static final int RECORDING = HartBlock.RECORDING;
  public static final int MXCSR = HartBlock.MXCSR;
  public static final int MSTATUS = HartBlock.MSTATUS;
  public static final int SSCRATCH = HartBlock.SSCRATCH;
  public static final int SEPC = HartBlock.SEPC;
  public static final int SCAUSE = HartBlock.SCAUSE;
  public static final int STVAL = HartBlock.STVAL;
  public static final int PRIVILEGE = HartBlock.PRIVILEGE;
  public static final int MAY_ZERO = HartBlock.MAY_ZERO;
  public static final int ADDENDS = HartBlock.ADDENDS;
  public static final int ADDENDS_MAX = HartBlock.ADDENDS_MAX;
  public static final int SITES = HartBlock.SITES;
  public static final int SITES_MAX = LoadSites.SITES;
  public static final int SITE_BYTES = LoadSites.SITE_BYTES;
  public static final int LOADS = HartBlock.LOADS;
  public static final int STORES = HartBlock.STORES;

  /// From an entry of a translation buffer to its addend, and to its set's other way.
  public static final int ADDEND = TranslationBuffer.ADDEND;

  public static final int WAY = TranslationBuffer.WAY;

  /// The place of a set in a translation buffer is an address shifted right by one, behind the
  /// other.
  public static final int SLOT_SHIFT = TranslationBuffer.SLOT_SHIFT;

  public static final int SLOT_MASK = TranslationBuffer.SLOT_MASK;

  /// The place of an address among the jumps: `(address >> 12 ^ address) & mask << shift`.
  public static final int JUMP_MASK = JumpCache.SLOT_MASK;

  public static final int JUMP_PAGE_SHIFT = JumpCache.PAGE_SHIFT;
  public static final int JUMP_SHIFT = JumpCache.SLOT_SHIFT;

  /// What is where in an entry of the jumps.
  public static final int ENTRY_KEY = JumpCache.KEY;

  public static final int ENTRY_WAY_IN = JumpCache.WAY_IN;

  /// What `sstatus` shows of the lower half of `mstatus`, and fields of it.
  public static final int SUPERVISOR_STATUS = (int) Status.SUPERVISOR_WRITABLE;

  public static final int STATUS_SIE = (int) Status.SIE;
  public static final int STATUS_FS = (int) Status.FS;

  /// Equals no address behind a mask of a page's address and the lowest three bits. Isolation rests
  /// on that: nobody has shown yet that there is memory of this guest.
  public static final long NO_PAGE = 8;

  /// No place where the flow can go on.
  public static final long GOES_ON = 1;

  /// Each costs about a microsecond; to make the code again a hundred.
  private static final int GIVEN_UP_MAX = 200;

  private static final Decoder DECODER = new Decoder();

  private final int longest;
  private final boolean usesFloats;
  private final RegionPlan plan;
  private int givenUp;

  /// By number of the operation: what the interpreter executed of them so far.
  private final @Nullable Instruction[] steps;

  /// @param longest instructions that may run before the credit is looked at again
  /// @param plan what it was made of
  protected TranslatedCode(int longest, boolean usesFloats, RegionPlan plan) {
    this.longest = longest;
    this.usesFloats = usesFloats;
    this.plan = plan;
    this.steps = new Instruction[plan.operations().size()];
  }

  private Instruction stepOf(int number) {
    Instruction known = steps[number];
    if (known != null) {
      return known;
    }
    RegionPlan.Operation operation = plan.operations().get(number);
    Instruction step = DECODER.decode(operation.bits());
    step.offset = (short) operation.offset();
    step.length = (byte) operation.length();
    step.next = new Steps.Behind(operation.behind());
    // Harts of other machines find it without a lock.
    VarHandle.releaseFence();
    steps[number] = step;
    return step;
  }

  /// Where machine code that jumps here goes on, its registers in the block and the address in RAX;
  /// 0 for code that must be called.
  protected long wayIn() {
    return 0;
  }

  final int longest() {
    return longest;
  }

  /// Whether its floating-point arithmetic records exceptions as it goes.
  protected boolean recordsExceptions() {
    return false;
  }

  /// Whether the hart's state is what it takes for granted.
  final boolean fits(Hart hart) {
    return !usesFloats
        || (recordsExceptions() ? hart.csrs.floats.isNearest() : hart.csrs.floats.isPlain());
  }

  /// Runs from its entry until the flow leaves it. Answers where it goes on, with the lowest bit
  /// set if the interpreter must execute the instruction there.
  final long run(Hart hart) {
    hart.jumps.renewIfOld();
    HostMemory.setElement(hart.state, PAGE_BASE, hart.pageBase);
    long pc = run(hart, hart.state, (int) hart.credit);
    hart.credit = HostMemory.element(hart.state, CREDIT);
    return pc;
  }

  /// Must stand before each call of machine code.
  protected static void prepare(Hart hart) {
    HostMemory.setElement(hart.state, PLAIN_FLOATS, hart.csrs.floats.isNearest() ? 1 : 0);
  }

  /// Must follow each call of machine code, which may have gone on to another region; answers that
  /// one.
  protected static TranslatedCode settle(Hart hart) {
    hart.pageBase = HostMemory.element(hart.state, PAGE_BASE);
    long raised = HostMemory.element(hart.state, RAISED);
    if (raised != 0) {
      HostMemory.setElement(hart.state, RAISED, 0);
      hart.csrs.floats.raiseHosts((int) raised);
    }
    return hart.jumps.last();
  }

  /// Leaves in the block what of the credit is left.
  ///
  /// @param state the hart's block
  protected abstract long run(Hart hart, long[] state, int credit);

  /// The hart's block as native code is given it.
  protected static MemorySegment block(Hart hart) {
    return hart.block;
  }

  /// Executes one instruction as the interpreter does. Answers [#GOES_ON] if the flow goes on
  /// behind it and all is as the region expects; else where it goes on, with the credit in the
  /// block.
  ///
  /// @param number of the operation, in the order of their offsets
  /// @param credit what is left
  /// @param ahead what was taken of it for instructions behind this one
  protected final long step(Hart hart, int number, int credit, int ahead) {
    Instruction step = stepOf(number);
    long before = credit + ahead;
    hart.credit = before;
    Instruction next = step.execute(hart);
    if (next instanceof Steps.Behind && hart.credit == before && fits(hart)) {
      return GOES_ON;
    }
    HostMemory.setElement(hart.state, CREDIT, hart.credit);
    return hart.pageBase + next.offset;
  }

  /// Leaves behind an operation, as accesses near each other turned out to lie in two pages.
  ///
  /// @param credit what is left
  /// @param ahead what was taken of it for instructions behind this one
  protected final long giveUp(Hart hart, int number, int credit, int ahead) {
    if (++givenUp == GIVEN_UP_MAX) {
      hart.jumps.renew(); // So that its head is asked again.
    }
    HostMemory.setElement(hart.state, CREDIT, (long) credit + ahead);
    return hart.pageBase + plan.operations().get(number).behind();
  }

  /// Whether it should be made again, each access with a look of its own.
  final boolean wantsCare() {
    return givenUp >= GIVEN_UP_MAX;
  }

  protected static void fence(Hart hart) {
    if (hart.group.parallel) {
      VarHandle.fullFence();
    }
  }

  /// How far from the start of a translation buffer the set for an address lies.
  protected static long slot(long address) {
    return TranslationBuffer.slot(address);
  }

  protected static long multiplyHighSignedUnsigned(long a, long b) {
    return Math.multiplyHigh(a, b) + (a & b >> 63);
  }

  protected static long divide(long a, long b) {
    return b == 0 ? -1 : a / b;
  }

  protected static long divideUnsigned(long a, long b) {
    return b == 0 ? -1 : Long.divideUnsigned(a, b);
  }

  protected static long remainder(long a, long b) {
    return b == 0 ? a : a % b;
  }

  protected static long remainderUnsigned(long a, long b) {
    return b == 0 ? a : Long.remainderUnsigned(a, b);
  }

  protected static long divideWord(long a, long b) {
    return (int) b == 0 ? -1 : (int) a / (int) b;
  }

  protected static long divideWordUnsigned(long a, long b) {
    return (int) b == 0 ? -1 : Integer.divideUnsigned((int) a, (int) b);
  }

  protected static long remainderWord(long a, long b) {
    return (int) b == 0 ? (int) a : (int) a % (int) b;
  }

  protected static long remainderWordUnsigned(long a, long b) {
    return (int) b == 0 ? (int) a : Integer.remainderUnsigned((int) a, (int) b);
  }

  protected static long maxUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? a : b;
  }

  protected static long minUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  /// For Zbb's `orc.b`.
  protected static long orBytes(long value) {
    return BitInstructions.orCombine(value);
  }
}
