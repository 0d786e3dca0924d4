package brume.hypervisor.translator;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import java.util.List;

/// Which registers a region reads and writes, a bit for each; x0 is none.
///
/// @param integers read or written
public record RegisterUse(int integers, int floats) {
  public static final int ALL = -1;

  public static RegisterUse of(List<Operation> operations) {
    RegisterUse all = new RegisterUse(0, 0);
    for (Operation operation : operations) {
      all = all.and(of(operation));
    }
    return new RegisterUse(all.integers & ~1, all.floats);
  }

  /// The integer register that an operation writes; 0 for none.
  public static int written(Operation operation) {
    Encoding.Operands operands = operation.encoding().operands();
    return switch (operands) {
      case R, I, LOAD, SHIFT5, SHIFT6, UNARY, U, J -> operation.rd();
      case FLOAT_COMPARE, FLOAT_TO_INTEGER, FLOAT_MOVE_OUT -> operation.rd();
      default -> 0;
    };
  }

  /// The integer registers that an operation reads, a bit for each; all where nothing is known.
  public static int read(Operation operation) {
    int rs1 = 1 << operation.rs1();
    int rs2 = 1 << operation.rs2();
    return switch (operation.encoding().operands()) {
      case R, S, B -> rs1 | rs2;
      case I, LOAD, SHIFT5, SHIFT6, UNARY -> rs1;
      case FLOAT_LOAD, FLOAT_STORE, INTEGER_TO_FLOAT, FLOAT_MOVE_IN -> rs1;
      case U, R4, FLOAT, FLOAT_ROUNDED, FLOAT_UNARY_ROUNDED -> 0;
      case FLOAT_COMPARE, FLOAT_TO_INTEGER, FLOAT_MOVE_OUT, FENCE -> 0;
      default -> ALL;
    };
  }

  private RegisterUse and(RegisterUse other) {
    return new RegisterUse(integers | other.integers, floats | other.floats);
  }

  public static RegisterUse of(Operation operation) {
    int bits = operation.bits();
    int rd = 1 << (bits >>> 7);
    int rs1 = 1 << (bits >>> 15);
    int rs2 = 1 << (bits >>> 20);
    int rs3 = 1 << (bits >>> 27);
    Encoding.Operands operands = operation.encoding().operands();
    return switch (operands) {
      case R -> new RegisterUse(rd | rs1 | rs2, 0);
      case I, LOAD, SHIFT5, SHIFT6, UNARY -> new RegisterUse(rd | rs1, 0);
      case S, B -> new RegisterUse(rs1 | rs2, 0);
      case U, J -> new RegisterUse(rd, 0);
      case FLOAT_LOAD, INTEGER_TO_FLOAT, FLOAT_MOVE_IN -> new RegisterUse(rs1, rd);
      case FLOAT_STORE -> new RegisterUse(rs1, rs2);
      case R4 -> new RegisterUse(0, rd | rs1 | rs2 | rs3);
      case FLOAT, FLOAT_ROUNDED -> new RegisterUse(0, rd | rs1 | rs2);
      case FLOAT_UNARY_ROUNDED -> new RegisterUse(0, rd | rs1);
      case FLOAT_COMPARE -> new RegisterUse(rd, rs1 | rs2);
      case FLOAT_TO_INTEGER, FLOAT_MOVE_OUT -> new RegisterUse(rd, rs1);
      case FENCE, NONE -> new RegisterUse(0, 0);
      case LR, AMO, CSR, CSR_IMMEDIATE, CBO -> new RegisterUse(0, 0); // the interpreter uses them
      case FENCE_VMA -> throw new AssertionError(operation);
    };
  }
}
