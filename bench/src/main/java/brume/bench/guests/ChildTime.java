package brume.bench.guests;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Processor seconds, user and system, of all children of this process that have ended and were
/// waited for: `getrusage(RUSAGE_CHILDREN)`, exact to the microsecond. The JVM waits for a child
/// before [Process#waitFor] returns, so the difference around a single child is that child's,
/// whatever threads it had.
final class ChildTime {
  private static final int RUSAGE_CHILDREN = -1;

  /// `struct rusage` starts with two `struct timeval` (user, system) on every 64-bit Unix; the rest
  /// is smaller than this.
  private static final int RUSAGE_BYTES = 512;

  private static final int SYSTEM_AT = 16;
  private static final MethodHandle GETRUSAGE =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().find("getrusage").orElseThrow(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  private ChildTime() {}

  static double seconds() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment usage = arena.allocate(RUSAGE_BYTES, Long.BYTES);
      int status = (int) GETRUSAGE.invokeExact(RUSAGE_CHILDREN, usage);
      if (status != 0) {
        throw new IllegalStateException("getrusage gave " + status);
      }
      return at(usage, 0) + at(usage, SYSTEM_AT);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /// Microseconds have 4 or 8 bytes; with zeros before and little-endian, 4 do for both.
  private static double at(MemorySegment usage, int offset) {
    return usage.get(ValueLayout.JAVA_LONG, offset)
        + usage.get(ValueLayout.JAVA_INT, offset + Long.BYTES) / 1e6;
  }
}
