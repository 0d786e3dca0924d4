package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// What is done on lower halves alone: RV64I's and RV64M's instructions on 32 bits (RISC-V
/// unprivileged §4.2 and §12.1), and others whose operands are known to be such words.
final class WordOperations {
  private static final int HALF = 32;

  private WordOperations() {}

  /// False if the operation is none of these. Its destination is not x0.
  static boolean emit(RegionEmitter to, Operation operation) {
    IntegerRegisters registers = to.registers;
    boolean one = registers.isWord(operation.rs1());
    boolean both = one && registers.isWord(operation.rs2());
    switch (operation.encoding()) {
      case ADDIW -> addImmediate(to, operation, (int) operation.immediateI());
      case ADDW -> add(to, operation);
      case SUBW -> binary(to, operation, Assembler.SUB, false);
      case MULW -> binary(to, operation, Assembler.IMUL, true);
      case SLLIW -> shift(to, operation, Assembler.N_SHL);
      case SRLIW -> shift(to, operation, Assembler.N_SHR);
      case SRAIW -> shift(to, operation, Assembler.N_SAR);
      case SLLW -> shiftByRegister(to, operation, Assembler.P_66);
      case SRLW -> shiftByRegister(to, operation, Assembler.P_F2);
      case SRAW -> shiftByRegister(to, operation, Assembler.P_F3);
      case LUI -> constant(to, operation, operation.bits() & 0xffff_f000);
      case ADDI -> {
        return isMove(to, operation, one);
      }
      case ANDI -> {
        return isMask(to, operation, one);
      }
      case SLLI -> {
        return isUp(to, operation);
      }
      case XORI -> {
        return one && immediate(to, operation, Assembler.N_XOR);
      }
      case ORI -> {
        return one && immediate(to, operation, Assembler.N_OR);
      }
      case XOR -> {
        return both && binary(to, operation, Assembler.XOR, true);
      }
      case OR -> {
        return both && binary(to, operation, Assembler.OR, true);
      }
      case AND -> {
        return both && binary(to, operation, Assembler.AND, true);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void constant(RegionEmitter to, Operation operation, int value) {
    int host = to.registers.target(operation.rd(), A);
    to.code.constant(host, value);
    to.registers.done(operation.rd(), host);
    to.registers.knowWord(operation.rd());
  }

  private static void addImmediate(RegionEmitter to, Operation operation, int immediate) {
    int host = to.registers.target(operation.rd(), A);
    int base = to.registers.use(operation.rs1(), host);
    if (base == host) {
      if (immediate != 0) {
        to.code.immediate(false, Assembler.N_ADD, host, immediate);
      }
    } else if (immediate == 0) {
      to.code.rr(false, Assembler.MOV, host, base);
    } else {
      to.code.rm(false, Assembler.LEA, host, base, immediate);
    }
    to.registers.doneWord(operation.rd(), host);
  }

  private static boolean isMove(RegionEmitter to, Operation operation, boolean word) {
    int immediate = (int) operation.immediateI();
    if (operation.rs1() == 0) {
      constant(to, operation, immediate);
      return true;
    }
    if (immediate != 0 || !word) {
      return false;
    }
    addImmediate(to, operation, 0);
    return true;
  }

  /// The mask of a positive number leaves nothing of an upper half.
  private static boolean isMask(RegionEmitter to, Operation operation, boolean word) {
    if (operation.immediateI() < 0) {
      return word && immediate(to, operation, Assembler.N_AND);
    }
    int host = to.registers.target(operation.rd(), A);
    to.registers.copyWord(operation.rs1(), host);
    to.code.immediate(false, Assembler.N_AND, host, (int) operation.immediateI());
    to.registers.done(operation.rd(), host);
    to.registers.knowWord(operation.rd());
    return true;
  }

  /// A shift by which the upper half is gone.
  private static boolean isUp(RegionEmitter to, Operation operation) {
    if (operation.shift6() < HALF) {
      return false;
    }
    int host = to.registers.target(operation.rd(), A);
    to.registers.copyWord(operation.rs1(), host);
    to.code.shift(true, Assembler.N_SHL, host, operation.shift6());
    to.registers.done(operation.rd(), host);
    return true;
  }

  private static boolean immediate(RegionEmitter to, Operation operation, int kind) {
    int host = to.registers.target(operation.rd(), A);
    to.registers.copyWord(operation.rs1(), host);
    to.code.immediate(false, kind, host, (int) operation.immediateI());
    to.registers.doneWord(operation.rd(), host);
    return true;
  }

  private static void shift(RegionEmitter to, Operation operation, int kind) {
    int host = to.registers.target(operation.rd(), A);
    int count = operation.shift6() & 31;
    to.registers.copyWord(operation.rs1(), host);
    to.code.shift(false, kind, host, count);
    if (kind == Assembler.N_SHR && count != 0) {
      to.registers.done(operation.rd(), host);
      to.registers.knowWord(operation.rd());
    } else {
      to.registers.doneWord(operation.rd(), host);
    }
  }

  private static void add(RegionEmitter to, Operation operation) {
    int host = to.registers.target(operation.rd(), A);
    IntegerOperations.add(to, host, operation, false);
    to.registers.doneWord(operation.rd(), host);
  }

  private static boolean binary(
      RegionEmitter to, Operation operation, int opcode, boolean commutes) {
    int host = to.registers.target(operation.rd(), A);
    IntegerOperations.binary(to, host, opcode, operation, commutes, false);
    to.registers.doneWord(operation.rd(), host);
    return true;
  }

  private static void shiftByRegister(RegionEmitter to, Operation operation, int prefix) {
    int host = to.registers.target(operation.rd(), A);
    int value = to.registers.use(operation.rs1(), A);
    int count = to.registers.use(operation.rs2(), C);
    to.code.vex(
        prefix, IntegerOperations.MAP_38, false, IntegerOperations.SHIFTS, host, count, value);
    to.registers.doneWord(operation.rd(), host);
  }
}
