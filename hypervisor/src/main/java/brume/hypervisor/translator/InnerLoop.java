package brume.hypervisor.translator;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A loop with no other in it, of which only the first instruction is entered. Few enough registers
/// that the host can hold them: they stay in local variables as long as it runs, and go back to the
/// hart on its ways out.
///
/// @param head offset of the first instruction
/// @param tail offset of the last one, which jumps back to the head
/// @param registers integer registers that it reads or writes, a bit for each
/// @param written those that it writes
record InnerLoop(int head, int tail, int registers, int written) {
  private static final int REGISTERS_MAX = 12;

  boolean contains(int offset) {
    return head <= offset && offset <= tail;
  }

  /// By their heads' offsets.
  ///
  /// @param entry where the region is entered
  static TreeMap<Integer, InnerLoop> in(RegionLayout layout, int entry) {
    TreeMap<Integer, Integer> tails = new TreeMap<>();
    for (Operation operation : layout.operations()) {
      if (isBackward(operation) && layout.contains(operation.target())) {
        tails.merge(operation.target(), operation.offset(), Math::max);
      }
    }
    TreeMap<Integer, InnerLoop> loops = new TreeMap<>();
    for (Map.Entry<Integer, Integer> found : tails.entrySet()) {
      InnerLoop loop = measured(layout.operations(), found.getKey(), found.getValue());
      boolean entered = entry != loop.head && loop.contains(entry);
      boolean small = Integer.bitCount(loop.registers) <= REGISTERS_MAX;
      if (small && !entered && loop.isSimple(layout)) {
        loops.put(loop.head, loop);
      }
    }
    return loops;
  }

  private static boolean isBackward(Operation operation) {
    return operation.encoding() != Encoding.JALR && operation.target() <= operation.offset();
  }

  private static InnerLoop measured(List<Operation> operations, int head, int tail) {
    List<Operation> body = new ArrayList<>();
    int written = 0;
    for (Operation operation : operations) {
      if (head <= operation.offset() && operation.offset() <= tail) {
        body.add(operation);
        written |= 1 << RegisterUse.written(operation);
      }
    }
    return new InnerLoop(head, tail, RegisterUse.of(body).integers(), written & ~1);
  }

  private boolean isSimple(RegionLayout layout) {
    for (Operation operation : layout.operations()) {
      boolean simple = contains(operation.offset()) ? stays(operation) : staysOut(operation);
      if (!simple) {
        return false;
      }
    }
    return !layout.isReturnedTo(head, tail);
  }

  private boolean stays(Operation operation) {
    return switch (operation.encoding().group()) {
      case INTEGER, MULTIPLY, ADDRESS, BITS, MEMORY -> true;
      case CONTROL ->
          operation.encoding() != Encoding.JALR
              && RegisterUse.written(operation) == 0
              && (operation.target() == head
                  || !contains(operation.target())
                  || operation.target() > operation.offset());
      default -> false;
    };
  }

  private boolean isInside(int offset) {
    return offset != head && contains(offset);
  }

  /// Whether an operation outside leads to the head at most.
  private boolean staysOut(Operation operation) {
    boolean within =
        isInside(operation.target())
            || (!operation.isJump() && isInside(operation.behind()))
            || operation.seen().stream().anyMatch(this::isInside);
    return !within;
  }
}
