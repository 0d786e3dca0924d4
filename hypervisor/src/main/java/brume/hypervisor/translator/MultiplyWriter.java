package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// The M extension: RISC-V unprivileged §13.
final class MultiplyWriter {
  private MultiplyWriter() {}

  static void write(RegionWriter to, Operation operation) {
    if (operation.rd() == 0) {
      return;
    }
    to.get(operation.rs1());
    to.get(operation.rs2());
    switch (operation.encoding()) {
      case MUL -> to.code.lmul();
      case MULW -> to.code.lmul().l2i().i2l();
      case MULH -> to.call(Math.class, "multiplyHigh", "(JJ)J");
      case MULHU -> to.call(Math.class, "unsignedMultiplyHigh", "(JJ)J");
      default -> to.call(helper(operation), "(JJ)J");
    }
    to.set(operation.rd());
  }

  private static String helper(Operation operation) {
    return switch (operation.encoding()) {
      case MULHSU -> "multiplyHighSignedUnsigned";
      case DIV -> "divide";
      case DIVU -> "divideUnsigned";
      case REM -> "remainder";
      case REMU -> "remainderUnsigned";
      case DIVW -> "divideWord";
      case DIVUW -> "divideWordUnsigned";
      case REMW -> "remainderWord";
      case REMUW -> "remainderWordUnsigned";
      default -> throw new AssertionError(operation);
    };
  }
}
