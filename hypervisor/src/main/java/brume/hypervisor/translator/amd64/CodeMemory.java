package brume.hypervisor.translator.amd64;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The memory that machine code lies in: one range of addresses of the process, backed by memory as
/// it is used. What is given back is given out again to code of about the same size.
final class CodeMemory {
  static final long BYTES_MAX = 64L << 20;

  private static final int UNIT = 128;

  /// Linux on x86-64: mmap(2).
  private static final int PROT_READ_WRITE_EXEC = 7;

  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
  private static final long MAP_FAILED = -1;

  private final MemorySegment memory;
  private final Map<Integer, ArrayDeque<Long>> free = new HashMap<>();
  private long used;

  private CodeMemory(MemorySegment memory) {
    this.memory = memory;
  }

  /// Null where the system gives nobody memory that is written and executed.
  static @Nullable CodeMemory reserve() {
    Linker linker = Linker.nativeLinker();
    MethodHandle map =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("mmap"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG));
    long address;
    try {
      address =
          (long)
              map.invokeExact(
                  0L, BYTES_MAX, PROT_READ_WRITE_EXEC, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
    } catch (Throwable e) {
      throw new LinkageError("mmap", e);
    }
    if (address == MAP_FAILED) {
      return null;
    }
    return new CodeMemory(MemorySegment.ofAddress(address).reinterpret(BYTES_MAX));
  }

  private static int units(int bytes) {
    return (bytes + UNIT - 1) / UNIT;
  }

  /// Answers the address of the code, or 0 where there is no room.
  synchronized long put(byte[] code) {
    int units = units(code.length);
    ArrayDeque<Long> fitting = free.get(units);
    long at;
    if (fitting != null && !fitting.isEmpty()) {
      at = fitting.pop();
    } else if (used + (long) units * UNIT <= BYTES_MAX) {
      at = used;
      used += (long) units * UNIT;
    } else {
      return 0;
    }
    MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, at, code.length);
    return memory.address() + at;
  }

  /// Nobody runs this code any more, or ever will.
  synchronized void giveBack(long address, int bytes) {
    free.computeIfAbsent(units(bytes), key -> new ArrayDeque<>()).push(address - memory.address());
  }
}
