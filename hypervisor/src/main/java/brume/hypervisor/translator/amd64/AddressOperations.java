package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// Zba and Zbs: RISC-V unprivileged §28.4.1 and §28.4.4.
final class AddressOperations {
  static final int TEST = 4;
  static final int SET = 5;
  static final int CLEAR = 6;
  private static final int INVERT = 7;

  /// `bt` of a register by a register, its operands the other way round; eight more for each of the
  /// others.
  private static final int BY_REGISTER = 0x0fa3;

  private AddressOperations() {}

  static void emit(RegionEmitter to, Operation operation) {
    if (operation.rd() == 0) {
      return;
    }
    int host = to.registers.target(operation.rd(), A);
    switch (operation.encoding()) {
      case ADD_UW -> shiftedAdd(to, host, operation, 0, false);
      case SH1ADD -> shiftedAdd(to, host, operation, 1, true);
      case SH1ADD_UW -> shiftedAdd(to, host, operation, 1, false);
      case SH2ADD -> shiftedAdd(to, host, operation, 2, true);
      case SH2ADD_UW -> shiftedAdd(to, host, operation, 2, false);
      case SH3ADD -> shiftedAdd(to, host, operation, 3, true);
      case SH3ADD_UW -> shiftedAdd(to, host, operation, 3, false);
      case SLLI_UW -> {
        to.code.rr(false, Assembler.MOV, host, to.registers.use(operation.rs1(), A));
        to.code.shift(true, Assembler.N_SHL, host, operation.shift6());
      }
      case BCLR -> byRegister(to, host, operation, CLEAR);
      case BINV -> byRegister(to, host, operation, INVERT);
      case BSET -> byRegister(to, host, operation, SET);
      case BCLRI -> byNumber(to, host, operation, CLEAR);
      case BINVI -> byNumber(to, host, operation, INVERT);
      case BSETI -> byNumber(to, host, operation, SET);
      case BEXT -> {
        int value = to.registers.use(operation.rs1(), A);
        to.code.rr(true, BY_REGISTER, to.registers.use(operation.rs2(), C), value);
        to.code.set(Condition.BELOW, host);
      }
      case BEXTI -> {
        to.code.bit(TEST, to.registers.use(operation.rs1(), A), operation.shift6());
        to.code.set(Condition.BELOW, host);
      }
      default -> throw new AssertionError(operation);
    }
    to.registers.done(operation.rd(), host);
  }

  private static void shiftedAdd(
      RegionEmitter to, int host, Operation operation, int shift, boolean wide) {
    int shifted = to.registers.use(operation.rs1(), A);
    if (!wide) {
      to.code.rr(false, Assembler.MOV, A, shifted);
      shifted = A;
    }
    int base = to.registers.use(operation.rs2(), C);
    to.code.rx(true, Assembler.LEA, host, base, shifted, shift, 0);
  }

  private static void byRegister(RegionEmitter to, int host, Operation operation, int kind) {
    to.registers.copy(operation.rs1(), A);
    int number = to.registers.use(operation.rs2(), C);
    to.code.rr(true, BY_REGISTER + 8 * (kind - TEST), number, A);
    to.code.move(host, A);
  }

  private static void byNumber(RegionEmitter to, int host, Operation operation, int kind) {
    to.registers.copy(operation.rs1(), host);
    to.code.bit(kind, host, operation.shift6());
  }
}
