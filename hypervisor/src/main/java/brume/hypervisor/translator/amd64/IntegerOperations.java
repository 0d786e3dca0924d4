package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// RV64I without memory and control flow: RISC-V unprivileged §2.4 and §4.2. Shifts by a register
/// are BMI2's, which take the count modulo the width and leave the flags alone.
final class IntegerOperations {
  private static final int SHIFTS = 0xf7;
  private static final int MAP_38 = 2;

  private IntegerOperations() {}

  static void emit(RegionEmitter to, Operation operation) {
    if (operation.rd() == 0) {
      return;
    }
    int rs1 = operation.rs1();
    int immediate = (int) operation.immediateI();
    int host = to.target(operation.rd(), A);
    switch (operation.encoding()) {
      case LUI -> to.code.constant(host, operation.bits() & 0xffff_f000);
      case AUIPC -> to.codeAddress(host, operation.offset() + (operation.bits() & 0xffff_f000));
      case ADDI -> addImmediate(to, host, rs1, immediate);
      case SLTI -> lessImmediate(to, host, rs1, immediate, Condition.LESS);
      case SLTIU -> lessImmediate(to, host, rs1, immediate, Condition.BELOW);
      case XORI -> immediate(to, host, Assembler.N_XOR, rs1, immediate);
      case ORI -> immediate(to, host, Assembler.N_OR, rs1, immediate);
      case ANDI -> immediate(to, host, Assembler.N_AND, rs1, immediate);
      case SLLI -> shift(to, host, Assembler.N_SHL, operation);
      case SRLI -> shift(to, host, Assembler.N_SHR, operation);
      case SRAI -> shift(to, host, Assembler.N_SAR, operation);
      case ADDIW -> {
        to.code.rm(false, Assembler.LEA, A, to.use(rs1, A), immediate);
        to.code.rr(true, Assembler.MOVSXD, host, A);
      }
      case SLLIW -> shiftWord(to, host, Assembler.N_SHL, operation);
      case SRLIW -> shiftWord(to, host, Assembler.N_SHR, operation);
      case SRAIW -> shiftWord(to, host, Assembler.N_SAR, operation);
      default -> twoRegisters(to, operation, host);
    }
    to.done(operation.rd(), host);
  }

  private static void twoRegisters(RegionEmitter to, Operation operation, int host) {
    switch (operation.encoding()) {
      case ADD -> add(to, host, operation);
      case SUB -> binary(to, host, Assembler.SUB, operation, false);
      case XOR -> binary(to, host, Assembler.XOR, operation, true);
      case OR -> binary(to, host, Assembler.OR, operation, true);
      case AND -> binary(to, host, Assembler.AND, operation, true);
      case SLT -> less(to, host, operation, Condition.LESS);
      case SLTU -> less(to, host, operation, Condition.BELOW);
      case SLL -> shiftByRegister(to, host, Assembler.P_66, true, operation);
      case SRL -> shiftByRegister(to, host, Assembler.P_F2, true, operation);
      case SRA -> shiftByRegister(to, host, Assembler.P_F3, true, operation);
      case ADDW -> word(to, host, Assembler.ADD, operation);
      case SUBW -> word(to, host, Assembler.SUB, operation);
      case SLLW -> shiftByRegister(to, host, Assembler.P_66, false, operation);
      case SRLW -> shiftByRegister(to, host, Assembler.P_F2, false, operation);
      case SRAW -> shiftByRegister(to, host, Assembler.P_F3, false, operation);
      default -> throw new AssertionError(operation);
    }
  }

  private static void addImmediate(RegionEmitter to, int host, int rs1, int immediate) {
    if (rs1 == 0) {
      to.code.constant(host, immediate);
      return;
    }
    int base = to.use(rs1, host);
    if (immediate == 0) {
      to.code.move(host, base);
    } else if (base == host) {
      to.code.immediate(true, Assembler.N_ADD, host, immediate);
    } else {
      to.code.rm(true, Assembler.LEA, host, base, immediate);
    }
  }

  private static void lessImmediate(
      RegionEmitter to, int host, int rs1, int immediate, Condition condition) {
    to.code.immediate(true, Assembler.N_CMP, to.use(rs1, A), immediate);
    to.code.set(condition, host);
  }

  private static void less(RegionEmitter to, int host, Operation operation, Condition condition) {
    to.apply(true, Assembler.CMP, to.use(operation.rs1(), A), operation.rs2());
    to.code.set(condition, host);
  }

  private static void immediate(RegionEmitter to, int host, int operation, int rs1, int immediate) {
    to.copy(rs1, host);
    to.code.immediate(true, operation, host, immediate);
  }

  private static void shift(RegionEmitter to, int host, int kind, Operation operation) {
    to.copy(operation.rs1(), host);
    to.code.shift(true, kind, host, operation.shift6());
  }

  private static void shiftWord(RegionEmitter to, int host, int kind, Operation operation) {
    to.copy(operation.rs1(), A);
    to.code.shift(false, kind, A, operation.shift6() & 31);
    to.code.rr(true, Assembler.MOVSXD, host, A);
  }

  private static void add(RegionEmitter to, int host, Operation operation) {
    int first = to.use(operation.rs1(), A);
    int second = to.use(operation.rs2(), C);
    if (host == first) {
      to.code.rr(true, Assembler.ADD, host, second);
    } else if (host == second) {
      to.code.rr(true, Assembler.ADD, host, first);
    } else {
      to.code.rx(true, Assembler.LEA, host, first, second, 0, 0);
    }
  }

  /// `rd = rs1 OP rs2`.
  static void binary(
      RegionEmitter to, int host, int opcode, Operation operation, boolean commutes) {
    int second = to.homes.integer(operation.rs2());
    if (host != second || operation.rs1() == operation.rs2()) {
      to.copy(operation.rs1(), host);
      to.apply(true, opcode, host, operation.rs2());
    } else if (commutes) {
      to.apply(true, opcode, host, operation.rs1());
    } else {
      to.copy(operation.rs1(), A);
      to.code.rr(true, opcode, A, second);
      to.code.move(host, A);
    }
  }

  static void word(RegionEmitter to, int host, int opcode, Operation operation) {
    to.copy(operation.rs1(), A);
    to.apply(false, opcode, A, operation.rs2());
    to.code.rr(true, Assembler.MOVSXD, host, A);
  }

  private static void shiftByRegister(
      RegionEmitter to, int host, int prefix, boolean wide, Operation operation) {
    int value = to.use(operation.rs1(), A);
    int count = to.use(operation.rs2(), C);
    int result = wide ? host : A;
    to.code.vex(prefix, MAP_38, wide, SHIFTS, result, count, value);
    if (!wide) {
      to.code.rr(true, Assembler.MOVSXD, host, A);
    }
  }
}
