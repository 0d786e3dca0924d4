package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.RegionPlan.Operation;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;

/// Jumps and branches: RISC-V unprivileged §2.5.
final class ControlWriter {
  private ControlWriter() {}

  static void write(RegionWriter to, Operation operation) {
    switch (operation.encoding()) {
      case JAL -> {
        link(to, operation);
        to.go(operation, operation.target());
      }
      case JALR -> jumpToRegister(to, operation);
      default -> branch(to, operation);
    }
  }

  private static void link(RegionWriter to, Operation operation) {
    if (operation.rd() != 0) {
      to.codeAddress(operation.behind());
      to.set(operation.rd());
      to.commit();
    }
  }

  private static void jumpToRegister(RegionWriter to, Operation operation) {
    CodeBuilder code = to.code;
    to.get(operation.rs1());
    if (operation.immediateI() != 0) {
      code.loadConstant(operation.immediateI()).ladd();
    }
    code.loadConstant(-2L).land();
    if (operation.target() == RegionPlan.NOWHERE) {
      link(to, operation);
      to.goToAddress(operation);
      return;
    }
    // Known only to who came over the `auipc` before it.
    Label elsewhere = code.newLabel();
    code.dup2();
    to.codeAddress(operation.target());
    code.lcmp().ifne(elsewhere).pop2();
    link(to, operation);
    to.go(operation, operation.target());
    code.labelBinding(elsewhere);
    link(to, operation);
    to.goToAddress(operation);
  }

  private static void branch(RegionWriter to, Operation operation) {
    Label straight = to.code.newLabel();
    to.get(operation.rs1());
    to.get(operation.rs2());
    Opcode unless =
        switch (operation.encoding()) {
          case BEQ -> Opcode.IFNE;
          case BNE -> Opcode.IFEQ;
          case BLT, BLTU -> Opcode.IFGE;
          case BGE, BGEU -> Opcode.IFLT;
          default -> throw new AssertionError(operation);
        };
    switch (operation.encoding()) {
      case BLTU, BGEU -> to.call(Long.class, "compareUnsigned", "(JJ)I");
      default -> to.code.lcmp();
    }
    to.code.branch(unless, straight);
    to.go(operation, operation.target());
    to.code.labelBinding(straight);
  }
}
