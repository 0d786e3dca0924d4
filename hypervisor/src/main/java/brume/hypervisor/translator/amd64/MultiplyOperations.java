package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;
import static brume.hypervisor.translator.amd64.RegionEmitter.D;

import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.translator.RegisterUse;

/// M: RISC-V unprivileged §12. What the host's division would trap on (by zero, and the overflow of
/// the least number by -1) goes another way.
final class MultiplyOperations {
  private static final int SIGN = 63;

  private MultiplyOperations() {}

  static void emit(RegionEmitter to, Operation operation) {
    if (operation.rd() == 0) {
      return;
    }
    if (WordOperations.emit(to, operation)) {
      return;
    }
    to.registers.widen(RegisterUse.read(operation));
    int host = to.registers.target(operation.rd(), A);
    switch (operation.encoding()) {
      case MUL -> IntegerOperations.binary(to, host, Assembler.IMUL, operation, true, true);
      case MULH -> high(to, host, operation, Assembler.N_IMUL);
      case MULHU -> high(to, host, operation, Assembler.N_MUL);
      case MULHSU -> highSignedUnsigned(to, host, operation);
      case DIV -> divide(to, host, operation, true, true, A);
      case DIVU -> divide(to, host, operation, true, false, A);
      case REM -> divide(to, host, operation, true, true, D);
      case REMU -> divide(to, host, operation, true, false, D);
      case DIVW -> divide(to, host, operation, false, true, A);
      case DIVUW -> divide(to, host, operation, false, false, A);
      case REMW -> divide(to, host, operation, false, true, D);
      case REMUW -> divide(to, host, operation, false, false, D);
      default -> throw new AssertionError(operation);
    }
    to.registers.done(operation.rd(), host);
  }

  private static void high(RegionEmitter to, int host, Operation operation, int kind) {
    to.registers.copy(operation.rs1(), A);
    to.code.unary(true, kind, to.registers.use(operation.rs2(), C));
    to.code.move(host, D);
  }

  /// That of the unsigned product, less the second factor where the first is negative.
  private static void highSignedUnsigned(RegionEmitter to, int host, Operation operation) {
    to.registers.copy(operation.rs1(), A);
    to.registers.copy(operation.rs2(), C);
    to.code.unary(true, Assembler.N_MUL, C);
    int first = to.registers.use(operation.rs1(), A);
    to.code.move(A, first);
    to.code.shift(true, Assembler.N_SAR, A, SIGN);
    to.code.rr(true, Assembler.AND, A, C);
    to.code.rr(true, Assembler.SUB, D, A);
    to.code.move(host, D);
  }

  private static void divide(
      RegionEmitter to, int host, Operation operation, boolean wide, boolean signed, int result) {
    Assembler code = to.code;
    Label byZero = new Label();
    Label byMinusOne = new Label();
    Label end = new Label();
    to.registers.copy(operation.rs1(), A);
    to.registers.copy(operation.rs2(), C);
    code.rr(wide, Assembler.TEST, C, C);
    code.jump(Condition.EQUAL, byZero);
    if (signed) {
      code.immediate(wide, Assembler.N_CMP, C, -1);
      code.jump(Condition.EQUAL, byMinusOne);
      code.signIntoRdx(wide);
      code.unary(wide, Assembler.N_IDIV, C);
    } else {
      code.constant(D, 0);
      code.unary(wide, Assembler.N_DIV, C);
    }
    code.jump(end);
    code.bind(byZero);
    code.move(D, A);
    code.constant(A, -1);
    code.jump(end);
    if (signed) {
      code.bind(byMinusOne);
      code.unary(wide, Assembler.N_NEG, A);
      code.constant(D, 0);
    }
    code.bind(end);
    code.rr(true, wide ? Assembler.MOV : Assembler.MOVSXD, host, result);
  }
}
