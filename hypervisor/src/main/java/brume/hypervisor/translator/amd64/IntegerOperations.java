package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.translator.RegisterUse;

/// RV64I without memory and control flow: RISC-V unprivileged §2.4 and §4.2. Shifts by a register
/// are BMI2's, which take the count modulo the width and leave the flags alone.
final class IntegerOperations {
  static final int SHIFTS = 0xf7;
  static final int MAP_38 = 2;

  private IntegerOperations() {}

  static void emit(RegionEmitter to, Operation operation) {
    if (operation.rd() == 0) {
      return;
    }
    if (WordOperations.emit(to, operation)) {
      return;
    }
    to.registers.widen(RegisterUse.read(operation));
    int rs1 = operation.rs1();
    int immediate = (int) operation.immediateI();
    int host = to.registers.target(operation.rd(), A);
    switch (operation.encoding()) {
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
      default -> twoRegisters(to, operation, host);
    }
    to.registers.done(operation.rd(), host);
  }

  private static void twoRegisters(RegionEmitter to, Operation operation, int host) {
    switch (operation.encoding()) {
      case ADD -> add(to, host, operation, true);
      case SUB -> binary(to, host, Assembler.SUB, operation, false, true);
      case XOR -> binary(to, host, Assembler.XOR, operation, true, true);
      case OR -> binary(to, host, Assembler.OR, operation, true, true);
      case AND -> binary(to, host, Assembler.AND, operation, true, true);
      case SLT -> less(to, host, operation, Condition.LESS);
      case SLTU -> less(to, host, operation, Condition.BELOW);
      case SLL -> shiftByRegister(to, host, Assembler.P_66, operation);
      case SRL -> shiftByRegister(to, host, Assembler.P_F2, operation);
      case SRA -> shiftByRegister(to, host, Assembler.P_F3, operation);
      default -> throw new AssertionError(operation);
    }
  }

  private static void addImmediate(RegionEmitter to, int host, int rs1, int immediate) {
    if (rs1 == 0) {
      to.code.constant(host, immediate);
      return;
    }
    int base = to.registers.use(rs1, host);
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
    to.code.immediate(true, Assembler.N_CMP, to.registers.use(rs1, A), immediate);
    to.code.set(condition, host);
  }

  private static void less(RegionEmitter to, int host, Operation operation, Condition condition) {
    to.registers.apply(true, Assembler.CMP, to.registers.use(operation.rs1(), A), operation.rs2());
    to.code.set(condition, host);
  }

  private static void immediate(RegionEmitter to, int host, int operation, int rs1, int immediate) {
    to.registers.copy(rs1, host);
    to.code.immediate(true, operation, host, immediate);
  }

  private static void shift(RegionEmitter to, int host, int kind, Operation operation) {
    to.registers.copy(operation.rs1(), host);
    to.code.shift(true, kind, host, operation.shift6());
  }

  static void add(RegionEmitter to, int host, Operation operation, boolean wide) {
    int first = to.registers.use(operation.rs1(), A);
    int second = to.registers.use(operation.rs2(), C);
    if (host == first) {
      to.code.rr(wide, Assembler.ADD, host, second);
    } else if (host == second) {
      to.code.rr(wide, Assembler.ADD, host, first);
    } else {
      to.code.rx(wide, Assembler.LEA, host, first, second, 0, 0);
    }
  }

  /// `rd = rs1 OP rs2`.
  static void binary(
      RegionEmitter to, int host, int opcode, Operation operation, boolean commutes, boolean wide) {
    int second = to.homes.integer(operation.rs2());
    if (host != second || operation.rs1() == operation.rs2()) {
      to.registers.copy(operation.rs1(), host);
      to.registers.apply(wide, opcode, host, operation.rs2());
    } else if (commutes) {
      to.registers.apply(wide, opcode, host, operation.rs1());
    } else {
      to.registers.copy(operation.rs1(), A);
      to.code.rr(wide, opcode, A, second);
      to.code.move(host, A);
    }
  }

  private static void shiftByRegister(RegionEmitter to, int host, int prefix, Operation operation) {
    int value = to.registers.use(operation.rs1(), A);
    int count = to.registers.use(operation.rs2(), C);
    to.code.vex(prefix, MAP_38, true, SHIFTS, host, count, value);
  }
}
