package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;
import java.lang.invoke.VarHandle;

/// A piece of guest code as code of the host's. Subclasses are generated; what they need is here,
/// so that all of them share one profile of how often the slow way is taken.
///
/// Nothing in here is called where the host's compiler cannot inline it: what does not go the fast
/// way throws [Leave], and the interpreter executes that instruction.
public abstract class TranslatedCode {
  private final int longest;
  private final boolean usesFloats;

  /// @param longest instructions that may run before the credit is looked at again
  protected TranslatedCode(int longest, boolean usesFloats) {
    this.longest = longest;
    this.usesFloats = usesFloats;
  }

  /// An instruction that the interpreter must execute. It says nothing about itself: the code that
  /// catches it knows.
  public static final class Leave extends RuntimeException {
    // Preallocated, without a trace: the host compiler turns a throw of it into a jump.
    @SuppressWarnings("StaticAssignmentOfThrowable")
    static final Leave LEAVE = new Leave();

    private Leave() {
      super(null, null, false, false);
    }
  }

  final int longest() {
    return longest;
  }

  final boolean usesFloats() {
    return usesFloats;
  }

  /// Runs from its entry until the flow leaves it. Answers where it goes on, with the lowest bit
  /// set if the interpreter must execute the instruction there.
  protected abstract long run(Hart hart);

  protected static long[] registers(Hart hart) {
    return hart.x;
  }

  protected static long[] floatRegisters(Hart hart) {
    return hart.f;
  }

  protected static long[] loads(Hart hart) {
    return hart.loads;
  }

  protected static long[] stores(Hart hart) {
    return hart.stores;
  }

  protected static long context(Hart hart) {
    return hart.dataContext;
  }

  protected static long pageBase(Hart hart) {
    return hart.pageBase;
  }

  protected static int credit(Hart hart) {
    return (int) hart.credit;
  }

  protected static void setCredit(Hart hart, int credit) {
    hart.credit = credit;
  }

  protected static void fence(Hart hart) {
    if (hart.group.parallel) {
      VarHandle.fullFence();
    }
  }

  protected static long load8(long[] buffer, long context, long address) {
    return HostMemory.load8(host(buffer, context, address, address));
  }

  protected static long load16(long[] buffer, long context, long address) {
    return HostMemory.load16(host(buffer, context, address, address + 1));
  }

  protected static long load32(long[] buffer, long context, long address) {
    return HostMemory.load32(host(buffer, context, address, address + 3));
  }

  protected static long load64(long[] buffer, long context, long address) {
    return HostMemory.load64(host(buffer, context, address, address + 7));
  }

  protected static void store8(long[] buffer, long context, long address, long value) {
    HostMemory.store8(host(buffer, context, address, address), (byte) value);
  }

  protected static void store16(long[] buffer, long context, long address, long value) {
    HostMemory.store16(host(buffer, context, address, address + 1), (short) value);
  }

  protected static void store32(long[] buffer, long context, long address, long value) {
    HostMemory.store32(host(buffer, context, address, address + 3), (int) value);
  }

  protected static void store64(long[] buffer, long context, long address, long value) {
    HostMemory.store64(host(buffer, context, address, address + 7), value);
  }

  /// The host's address for a guest's, by the hart's translation buffer, as the interpreter does
  /// it.
  private static long host(long[] buffer, long context, long address, long last) {
    int slot = Mmu.slot(address);
    if (HostMemory.element(buffer, slot) != Mmu.tag(last, context)) {
      throw Leave.LEAVE;
    }
    return HostMemory.element(buffer, slot + 8) + address;
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
