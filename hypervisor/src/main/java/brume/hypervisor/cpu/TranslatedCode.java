package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;
import java.lang.invoke.VarHandle;

/// A piece of guest code as code of the host's. Subclasses are generated; what they need is here,
/// so that all of them share one profile of how often the slow way is taken.
///
/// Nothing in here is called where the host's compiler cannot inline it: what does not go the fast
/// way throws [Leave], and the interpreter executes that instruction.
public abstract class TranslatedCode {
  /// Equals no address behind a mask of a page's address and the lowest three bits. Isolation rests
  /// on that: nobody has shown yet that there is memory of this guest.
  public static final long NO_PAGE = 8;

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

  /// [HostMemory#setElement] in the order in which translated code has its operands.
  protected static void put(long value, long[] array, int offset) {
    HostMemory.setElement(array, offset, value);
  }

  protected static void fence(Hart hart) {
    if (hart.group.parallel) {
      VarHandle.fullFence();
    }
  }

  /// What to add to `address` to get the host's, by the hart's translation buffer, as the
  /// interpreter does it.
  ///
  /// @param last the address of the last byte
  protected static long addend(long[] buffer, long context, long address, long last) {
    int slot = Mmu.slot(address);
    long tag = (last & -4096) | context;
    if (HostMemory.element(buffer, slot) == tag) {
      return HostMemory.element(buffer, slot + 8);
    }
    if (HostMemory.element(buffer, slot + 16) == tag) {
      return HostMemory.element(buffer, slot + 24);
    }
    throw Leave.LEAVE;
  }

  /// As [#addend], asking first whether this is the page of the access before: that is nothing to
  /// wait for, so a chain of loads does not pass through the translation buffer.
  ///
  /// @param page the page of the access before, or [#NO_PAGE], with its `known` addend
  /// @param aligned mask of a page's address and of what must be zero for the access not to leave
  ///   it
  protected static long addend(
      long[] buffer, long context, long address, long last, long page, long known, long aligned) {
    return (address & aligned) == page ? known : addend(buffer, context, address, last);
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
