package brume.hypervisor.translator;

import static brume.hypervisor.translator.InstructionWriter.rd;
import static brume.hypervisor.translator.InstructionWriter.rs1;
import static brume.hypervisor.translator.InstructionWriter.rs2;
import static brume.hypervisor.translator.InstructionWriter.rs3;

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
      case FLOAT_UNARY_ROUNDED -> rounded(to, operation, kind, rs1(operation));
      case FLOAT_COMPARE -> compare(to, operation, kind);
      case R4 -> rounded(to, operation, kind, rs1(operation), rs2(operation), rs3(operation));
      case FLOAT_ROUNDED -> rounded(to, operation, kind, rs1(operation), rs2(operation));
      default -> {
        if (name.startsWith("fsgnj")) {
          apply(to, kind, "D", rs1(operation), rs2(operation));
          to.setFloat(rd(operation));
        } else {
          rounded(to, operation, kind, rs1(operation), rs2(operation));
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
    to.setFloat(rd(operation));
  }

  private static void compare(RegionWriter to, Operation operation, String kind) {
    to.mayRetreat(operation);
    to.getFloat(rs1(operation));
    to.getFloat(rs2(operation));
    to.call(TranslatedFloats.class, "compareDoubt" + kind.substring(2), "(DD)J");
    to.doubt();
    apply(to, kind, "J", rs1(operation), rs2(operation));
    to.set(rd(operation));
  }

  private static void apply(RegionWriter to, String kind, String type, int... registers) {
    for (int register : registers) {
      to.getFloat(register);
    }
    to.call(TranslatedFloats.class, kind, "(" + "D".repeat(registers.length) + ")" + type);
  }
}
