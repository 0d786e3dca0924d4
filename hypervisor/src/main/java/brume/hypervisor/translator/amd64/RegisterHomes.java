package brume.hypervisor.translator.amd64;

import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.translator.RegisterUse;
import java.util.Arrays;
import java.util.List;

/// Which of the guest's registers live in which of the host's while a region runs: those that it
/// uses most, where an instruction in a loop counts for eight. The others stay in the hart's block.
final class RegisterHomes {
  static final int NONE = -1;

  private static final int[] INTEGER_HOMES = {
    Register.RBP, Register.RSI, Register.RDI, Register.R8, Register.R9,
    Register.R10, Register.R11, Register.R12, Register.R13, Register.R14
  };

  /// The first two are for values on their way.
  private static final int[] FLOAT_HOMES = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

  private static final int DEPTH_MAX = 4;
  private static final int REGISTERS = 32;

  private final int[] integers = new int[REGISTERS];
  private final int[] floats = new int[REGISTERS];
  private final int[] depths;
  private int integerSet;
  private int floatSet;

  RegisterHomes(List<Operation> operations) {
    long[] integerUses = new long[REGISTERS];
    long[] floatUses = new long[REGISTERS];
    depths = depths(operations);
    for (int i = 0; i < depths.length; i++) {
      RegisterUse use = RegisterUse.of(operations.get(i));
      long weight = 1L << (3 * depths[i]);
      for (int register = 0; register < REGISTERS; register++) {
        integerUses[register] += (use.integers() >>> register & 1) * weight;
        floatUses[register] += (use.floats() >>> register & 1) * weight;
      }
    }
    integerUses[0] = 0;
    integerSet = settle(integerUses, INTEGER_HOMES, integers);
    floatSet = settle(floatUses, FLOAT_HOMES, floats);
  }

  /// In how many loops each operation lies, as jumps back tell.
  private static int[] depths(List<Operation> operations) {
    int[] depths = new int[operations.size()];
    for (Operation operation : operations) {
      int target = operation.target();
      if (target == RegionPlan.NOWHERE || target > operation.offset() || operation.isCall()) {
        continue;
      }
      for (int i = 0; i < depths.length; i++) {
        int offset = operations.get(i).offset();
        if (target <= offset && offset <= operation.offset() && depths[i] < DEPTH_MAX) {
          depths[i]++;
        }
      }
    }
    return depths;
  }

  private static int settle(long[] uses, int[] places, int[] homes) {
    Arrays.fill(homes, NONE);
    int settled = 0;
    for (int place : places) {
      int most = 0;
      for (int register = 1; register < REGISTERS; register++) {
        if (uses[register] > uses[most]) {
          most = register;
        }
      }
      if (uses[most] == 0) {
        break;
      }
      homes[most] = place;
      settled |= 1 << most;
      uses[most] = 0;
    }
    return settled;
  }

  /// Whether the operation at an index lies in a loop.
  boolean isInLoop(int index) {
    return depths[index] > 0;
  }

  /// The host's register, or [#NONE].
  int integer(int register) {
    return integers[register];
  }

  int floating(int register) {
    return floats[register];
  }

  /// Those that have a home, a bit for each.
  int integerSet() {
    return integerSet;
  }

  int floatSet() {
    return floatSet;
  }
}
