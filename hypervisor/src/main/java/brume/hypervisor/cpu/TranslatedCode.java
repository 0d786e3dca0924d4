package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;
import java.lang.invoke.VarHandle;
import java.util.List;

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
  public static final int LOADS = HartBlock.LOADS;
  public static final int STORES = HartBlock.STORES;

  /// From an entry of a translation buffer to its addend, and to its set's other way.
  public static final int ADDEND = TranslationBuffer.ADDEND;

  public static final int WAY = TranslationBuffer.WAY;

  /// Equals no address behind a mask of a page's address and the lowest three bits. Isolation rests
  /// on that: nobody has shown yet that there is memory of this guest.
  public static final long NO_PAGE = 8;

  /// No place where the flow can go on.
  public static final long GOES_ON = 1;

  private static final Decoder DECODER = new Decoder();

  private final int longest;
  private final boolean usesFloats;
  private final List<Instruction> steps;

  /// @param longest instructions that may run before the credit is looked at again
  /// @param plan what it was made of
  protected TranslatedCode(int longest, boolean usesFloats, RegionPlan plan) {
    this.longest = longest;
    this.usesFloats = usesFloats;
    this.steps =
        plan.operations().stream()
            .filter(RegionPlan.Operation::isStep)
            .map(TranslatedCode::step)
            .toList();
  }

  private static Instruction step(RegionPlan.Operation operation) {
    Instruction step = DECODER.decode(operation.bits());
    step.offset = (short) operation.offset();
    step.next = new Steps.Behind(operation.behind());
    return step;
  }

  final int longest() {
    return longest;
  }

  final boolean usesFloats() {
    return usesFloats;
  }

  /// Runs from its entry until the flow leaves it. Answers where it goes on, with the lowest bit
  /// set if the interpreter must execute the instruction there.
  final long run(Hart hart) {
    HostMemory.setElement(hart.state, PAGE_BASE, hart.pageBase);
    long pc = run(hart, hart.state, (int) hart.credit);
    hart.credit = HostMemory.element(hart.state, CREDIT);
    return pc;
  }

  /// Leaves in the block what of the credit is left.
  ///
  /// @param state the hart's block
  protected abstract long run(Hart hart, long[] state, int credit);

  /// Executes one instruction as the interpreter does. Answers [#GOES_ON] if the flow goes on
  /// behind it and all is as the region expects; else where it goes on, with the credit in the
  /// block.
  ///
  /// @param number of those of the region, in the order of their offsets
  /// @param credit what is left behind it
  protected final long step(Hart hart, int number, int credit) {
    Instruction step = steps.get(number);
    hart.credit = credit;
    Instruction next = step.execute(hart);
    if (next instanceof Steps.Behind
        && hart.credit == credit
        && (!usesFloats || hart.csrs.floats.isPlain())) {
      return GOES_ON;
    }
    HostMemory.setElement(hart.state, CREDIT, hart.credit);
    return hart.pageBase + next.offset;
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
