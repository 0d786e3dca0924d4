package brume.hypervisor.translator.amd64;

import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.translator.RegionLayout;
import brume.hypervisor.translator.RegisterUse;
import java.util.List;

/// What may have been written since a region was entered, before each of its operations: what must
/// go back to the hart's block where the flow leaves there. A set has the integer registers in its
/// lower half, floating point in the upper one.
final class WrittenRegisters {
  private final RegionLayout layout;
  private final List<Operation> operations;
  private final long[] before;
  private boolean changed;

  WrittenRegisters(RegionLayout layout) {
    this.layout = layout;
    this.operations = layout.operations();
    this.before = new long[operations.size()];
    do {
      changed = false;
      for (int i = 0; i < before.length; i++) {
        flow(i);
      }
    } while (changed);
  }

  private void flow(int index) {
    Operation operation = operations.get(index);
    long behind = before[index] | written(operation);
    if (!operation.isJump()) {
      reach(operation.behind(), behind);
    }
    reach(operation.target(), behind);
    if (operation.isJump()) {
      for (int target : layout.targets(operation)) {
        reach(target, behind);
      }
    }
  }

  private void reach(int offset, long set) {
    int index = layout.find(offset);
    if (index >= 0) {
      changed |= (before[index] | set) != before[index];
      before[index] |= set;
    }
  }

  /// By what is emitted for it; what the interpreter does reaches the block itself.
  static long written(Operation operation) {
    int bit = 1 << operation.rd();
    return switch (operation.encoding().operands()) {
      case FLOAT_LOAD,
          INTEGER_TO_FLOAT,
          FLOAT_MOVE_IN,
          R4,
          FLOAT,
          FLOAT_ROUNDED,
          FLOAT_UNARY_ROUNDED ->
          (long) bit << 32;
      case AMO, CSR, CSR_IMMEDIATE -> (1L << operation.rd()) & ~1L;
      default -> 1L << RegisterUse.written(operation) & ~1L;
    };
  }

  long before(int index) {
    return before[index];
  }
}
