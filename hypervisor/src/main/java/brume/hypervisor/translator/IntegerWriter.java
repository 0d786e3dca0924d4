package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan.Operation;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;

/// RV64I without memory and control flow: RISC-V unprivileged §2.4 and §4.2.
final class IntegerWriter {
  private IntegerWriter() {}

  static void write(RegionWriter to, Operation operation) {
    if (operation.rd() == 0) {
      return;
    }
    CodeBuilder code = to.code;
    switch (operation.encoding()) {
      case LUI -> code.loadConstant((long) (operation.bits() & 0xffff_f000));
      case AUIPC -> to.codeAddress(operation.offset() + (operation.bits() & 0xffff_f000));
      case ADDI -> addImmediate(to, operation);
      case SLTI, SLTIU, XORI, ORI, ANDI -> immediate(to, operation);
      case SLLI, SRLI, SRAI, ADDIW, SLLIW, SRLIW, SRAIW -> shiftOrWord(to, operation);
      case ADDW, SUBW, SLLW, SRLW, SRAW -> word(to, operation);
      default -> twoRegisters(to, operation);
    }
    to.set(operation.rd());
  }

  private static void addImmediate(RegionWriter to, Operation operation) {
    long immediate = operation.immediateI();
    if (operation.rs1() == 0) {
      to.code.loadConstant(immediate);
      return;
    }
    to.get(operation.rs1());
    if (immediate != 0) {
      to.code.loadConstant(immediate).ladd();
    }
  }

  private static void immediate(RegionWriter to, Operation operation) {
    CodeBuilder code = to.code;
    to.get(operation.rs1());
    code.loadConstant(operation.immediateI());
    switch (operation.encoding()) {
      case SLTI -> less(code);
      case SLTIU -> lessUnsigned(to);
      case XORI -> code.lxor();
      case ORI -> code.lor();
      default -> code.land();
    }
  }

  private static void shiftOrWord(RegionWriter to, Operation operation) {
    CodeBuilder code = to.code;
    to.get(operation.rs1());
    int shift = operation.shift6();
    switch (operation.encoding()) {
      case SLLI -> code.loadConstant(shift).lshl();
      case SRLI -> code.loadConstant(shift).lushr();
      case SRAI -> code.loadConstant(shift).lshr();
      case ADDIW -> code.l2i().loadConstant((int) operation.immediateI()).iadd().i2l();
      case SLLIW -> code.l2i().loadConstant(shift).ishl().i2l();
      case SRLIW -> code.l2i().loadConstant(shift).iushr().i2l();
      default -> code.l2i().loadConstant(shift).ishr().i2l();
    }
  }

  private static void word(RegionWriter to, Operation operation) {
    CodeBuilder code = to.code;
    to.get(operation.rs1());
    code.l2i();
    to.get(operation.rs2());
    code.l2i();
    switch (operation.encoding()) {
      case ADDW -> code.iadd();
      case SUBW -> code.isub();
      case SLLW -> code.ishl();
      case SRLW -> code.iushr();
      default -> code.ishr();
    }
    code.i2l();
  }

  private static void twoRegisters(RegionWriter to, Operation operation) {
    CodeBuilder code = to.code;
    to.get(operation.rs1());
    to.get(operation.rs2());
    switch (operation.encoding()) {
      case ADD -> code.ladd();
      case SUB -> code.lsub();
      case SLL -> code.l2i().lshl();
      case SRL -> code.l2i().lushr();
      case SRA -> code.l2i().lshr();
      case SLT -> less(code);
      case SLTU -> lessUnsigned(to);
      case XOR -> code.lxor();
      case OR -> code.lor();
      case AND -> code.land();
      default -> throw new AssertionError(operation);
    }
  }

  private static void less(CodeBuilder code) {
    code.lcmp();
    asNumber(code, Opcode.IFLT);
  }

  private static void lessUnsigned(RegionWriter to) {
    to.call(Long.class, "compareUnsigned", "(JJ)I");
    asNumber(to.code, Opcode.IFLT);
  }

  private static void asNumber(CodeBuilder code, Opcode condition) {
    Label yes = code.newLabel();
    Label done = code.newLabel();
    code.branch(condition, yes).lconst_0().goto_(done);
    code.labelBinding(yes).lconst_1().labelBinding(done);
  }
}
