package brume.hypervisor.translator;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedFloats;

/// Arithmetic and comparison of F and D: RISC-V unprivileged §20.6, §20.8, §21.4. What the host's
/// arithmetic may not have done right is doubted, and left to the interpreter.
final class FloatWriter {
  private FloatWriter() {}

  static void write(RegionWriter to, Operation operation) {
    boolean single = operation.encoding().group() == Encoding.Group.SINGLE;
    String name = operation.encoding().mnemonic();
    String kind = name.substring(1, name.indexOf('.')) + (single ? "Single" : "Double");
    switch (operation.encoding().operands()) {
      case FLOAT_UNARY_ROUNDED -> rounded(to, operation, kind, operation.rs1());
      case FLOAT_COMPARE -> compare(to, operation, kind);
      case R4 -> rounded(to, operation, kind, operation.rs1(), operation.rs2(), operation.rs3());
      case FLOAT_ROUNDED -> rounded(to, operation, kind, operation.rs1(), operation.rs2());
      default -> {
        if (name.startsWith("fsgnj")) {
          apply(to, kind, "D", operation.rs1(), operation.rs2());
          to.setFloat(operation.rd());
        } else {
          rounded(to, operation, kind, operation.rs1(), operation.rs2());
        }
      }
    }
  }

  /// The host's result, and the doubt in it.
  private static void rounded(RegionWriter to, Operation operation, String kind, int... registers) {
    to.mayRetreat(operation);
    apply(to, kind, "D", registers);
    to.code.dstore(RegionWriter.RESULT);
    to.code.dload(RegionWriter.RESULT);
    for (int register : registers) {
      to.getFloat(register);
    }
    String parameters = "(D" + "D".repeat(registers.length) + ")J";
    to.call(TranslatedFloats.class, kind + "Doubt", parameters);
    to.doubt();
    to.code.dload(RegionWriter.RESULT);
    to.setFloat(operation.rd());
  }

  private static void compare(RegionWriter to, Operation operation, String kind) {
    to.mayRetreat(operation);
    to.getFloat(operation.rs1());
    to.getFloat(operation.rs2());
    to.call(TranslatedFloats.class, "compareDoubt" + kind.substring(2), "(DD)J");
    to.doubt();
    apply(to, kind, "J", operation.rs1(), operation.rs2());
    to.set(operation.rd());
  }

  private static void apply(RegionWriter to, String kind, String type, int... registers) {
    for (int register : registers) {
      to.getFloat(register);
    }
    to.call(TranslatedFloats.class, kind, "(" + "D".repeat(registers.length) + ")" + type);
  }
}
