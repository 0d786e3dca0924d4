package brume.hypervisor.translator;

import static brume.hypervisor.translator.InstructionWriter.immediateI;
import static brume.hypervisor.translator.InstructionWriter.rd;
import static brume.hypervisor.translator.InstructionWriter.rs1;
import static brume.hypervisor.translator.InstructionWriter.rs2;

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
    if (rd(operation) != 0) {
      to.codeAddress(operation.behind());
      to.set(rd(operation));
      to.commit();
    }
  }

  private static void jumpToRegister(RegionWriter to, Operation operation) {
    CodeBuilder code = to.code;
    to.get(rs1(operation));
    if (immediateI(operation) != 0) {
      code.loadConstant(immediateI(operation)).ladd();
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
    to.get(rs1(operation));
    to.get(rs2(operation));
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
