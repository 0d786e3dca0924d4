package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.BIAS;
import static brume.hypervisor.translator.amd64.RegionEmitter.BLOCK;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;
import java.util.List;

/// Jumps and branches: RISC-V unprivileged §2.5.
final class ControlOperations {
  private ControlOperations() {}

  static void emit(RegionEmitter to, Operation operation) {
    switch (operation.encoding()) {
      case JAL -> {
        link(to, operation);
        to.go(operation.target());
      }
      case JALR -> jumpToRegister(to, operation);
      default -> branch(to, operation);
    }
  }

  /// Leaves RAX as it is.
  private static void link(RegionEmitter to, Operation operation) {
    if (operation.rd() != 0) {
      int host = to.registers.target(operation.rd(), C);
      to.codeAddress(host, operation.behind());
      to.registers.done(operation.rd(), host);
    }
  }

  private static void jumpToRegister(RegionEmitter to, Operation operation) {
    Assembler code = to.code;
    int base = to.registers.use(operation.rs1(), A);
    if (operation.immediateI() != 0) {
      code.rm(true, Assembler.LEA, A, base, (int) operation.immediateI());
    } else {
      code.move(A, base);
    }
    code.immediate(true, Assembler.N_AND, A, -2);
    link(to, operation);
    Label out = to.wayOutToAddress();
    List<Integer> targets = to.targets(operation);
    boolean known = operation.target() != RegionPlan.NOWHERE && to.isInside(operation.target());
    if (known || !targets.isEmpty()) {
      code.move(C, A);
      code.rm(true, Assembler.SUB, C, BLOCK, TranslatedCode.PAGE_BASE - BIAS);
      if (known) {
        goIfAt(to, operation.target(), out);
      }
      for (int target : targets) {
        goIfAt(to, target, out);
      }
    }
    code.jump(out);
  }

  private static void goIfAt(RegionEmitter to, int target, Label out) {
    Label other = new Label();
    to.code.immediate(true, Assembler.N_CMP, C, target);
    to.code.jump(Condition.NOT_EQUAL, other);
    to.goIfEnough(target, out);
    to.code.bind(other);
  }

  private static void branch(RegionEmitter to, Operation operation) {
    to.registers.compare(true, operation.rs1(), operation.rs2());
    Condition condition =
        switch (operation.encoding()) {
          case BEQ -> Condition.EQUAL;
          case BNE -> Condition.NOT_EQUAL;
          case BLT -> Condition.LESS;
          case BGE -> Condition.NOT_LESS;
          case BLTU -> Condition.BELOW;
          case BGEU -> Condition.NOT_BELOW;
          default -> throw new AssertionError(operation);
        };
    to.goIf(condition, operation.target());
  }
}
