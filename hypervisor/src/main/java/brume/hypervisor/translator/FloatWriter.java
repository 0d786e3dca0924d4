package brume.hypervisor.translator;

import static brume.hypervisor.translator.InstructionWriter.rd;
import static brume.hypervisor.translator.InstructionWriter.rs1;
import static brume.hypervisor.translator.InstructionWriter.rs2;
import static brume.hypervisor.translator.InstructionWriter.rs3;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedFloats;

/// Arithmetic and comparison of F and D: RISC-V unprivileged §20.6, §20.8, §21.4. What the host's
/// arithmetic cannot surely do leaves to the interpreter.
final class FloatWriter {
  private FloatWriter() {}

  static void write(RegionWriter to, Operation operation) {
    boolean single = operation.encoding().group() == Encoding.Group.SINGLE;
    String name = operation.encoding().mnemonic();
    String kind = name.substring(1, name.indexOf('.')) + (single ? "Single" : "Double");
    to.mayLeave(operation);
    to.getFloat(rs1(operation));
    switch (operation.encoding().operands()) {
      case FLOAT_UNARY_ROUNDED -> {
        to.call(TranslatedFloats.class, kind, "(D)D");
        to.setFloat(rd(operation));
      }
      case FLOAT_COMPARE -> {
        to.getFloat(rs2(operation));
        to.call(TranslatedFloats.class, kind, "(DD)J");
        to.set(rd(operation));
      }
      case R4 -> {
        to.getFloat(rs2(operation));
        to.getFloat(rs3(operation));
        to.call(TranslatedFloats.class, kind, "(DDD)D");
        to.setFloat(rd(operation));
      }
      default -> {
        to.getFloat(rs2(operation));
        to.call(TranslatedFloats.class, kind, "(DD)D");
        to.setFloat(rd(operation));
      }
    }
  }
}
