package brume.hypervisor.translator.amd64;

import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.TranslatedCode;
import brume.hypervisor.memory.HostMemory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/// A region as machine code. The JVM calls it as it calls a function in C that is over soon, at the
/// price of a few instructions; meanwhile it cannot collect garbage, and a slice of credit bounds
/// how long that is.
///
/// What the code itself cannot do it asks for by coming back with the number of an operation: the
/// interpreter executes that one, and the code goes on behind it.
final class MachineCode extends TranslatedCode {
  private static final @Nullable CodeMemory MEMORY = Processor.fits() ? CodeMemory.reserve() : null;
  private static final Cleaner CLEANER = Cleaner.create();
  private static final MemorySegment WAY_IN = commonWayIn();

  /// (way in; the hart's block, credit, where registers are read, where it goes on then).
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG),
              Linker.Option.critical(true));

  private final long address;
  private final int entry;
  private final int wayIn;
  private final int[] resumes;
  private final int[] ahead;

  private MachineCode(RegionPlan plan, RegionEmitter emitter, long address) {
    super(emitter.longest(), emitter.usesFloats(), plan);
    this.address = address;
    this.entry = emitter.entry();
    this.wayIn = emitter.wayInAt();
    this.resumes = emitter.resumes();
    this.ahead = emitter.ahead();
  }

  @Override
  protected long wayIn() {
    return address + wayIn;
  }

  @Override
  protected boolean recordsExceptions() {
    return true;
  }

  private static MemorySegment commonWayIn() {
    if (MEMORY == null) {
      return MemorySegment.NULL;
    }
    return MemorySegment.ofAddress(MEMORY.put(RegionEmitter.wayIn()));
  }

  static boolean isPossible() {
    return MEMORY != null;
  }

  static TranslatedCode compile(RegionPlan plan) {
    RegionEmitter emitter = new RegionEmitter(plan);
    byte[] bytes = emitter.emit();
    CodeMemory memory = java.util.Objects.requireNonNull(MEMORY);
    long address = memory.put(bytes);
    if (address == 0) {
      throw new IllegalStateException(
          "all %d MiB for machine code are in use".formatted(CodeMemory.BYTES_MAX >> 20));
    }
    MachineCode code = new MachineCode(plan, emitter, address);
    int length = bytes.length;
    CLEANER.register(code, () -> memory.giveBack(address, length));
    return code;
  }

  @Override
  protected long run(Hart hart, long[] state, int credit) {
    MachineCode region = this;
    int left = credit;
    int at = entry;
    try {
      while (true) {
        prepare(hart);
        long pc =
            (long)
                CALL.invokeExact(
                    WAY_IN, block(hart), (long) left, region.address, region.address + at);
        region = (MachineCode) settle(hart);
        long result = HostMemory.element(state, CREDIT);
        int number = (int) (result >>> 32) - 1;
        if (number < 0) {
          return pc;
        }
        left = (int) result;
        if (number >= region.ahead.length) {
          number -= region.ahead.length;
          return region.giveUp(hart, number, left, region.ahead[number]);
        }
        long exit = region.step(hart, number, left, region.ahead[number]);
        if (exit != GOES_ON) {
          return exit;
        }
        at = region.resumes[number];
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a call of machine code", e);
    } finally {
      Reference.reachabilityFence(region);
    }
  }
}
