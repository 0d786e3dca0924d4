package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// Zbb: RISC-V unprivileged §28.4.2.
final class BitOperations {
  private static final int ANDN = 0xf2;
  private static final int RORX = 0xf0;
  private static final int POPCNT = 0x0fb8;
  private static final int TZCNT = 0x0fbc;
  private static final int LZCNT = 0x0fbd;
  private static final int MAP_0F = 1;
  private static final int MAP_38 = 2;
  private static final int MAP_3A = 3;

  private BitOperations() {}

  static void emit(RegionEmitter to, Operation operation) {
    if (operation.rd() == 0) {
      return;
    }
    int host = to.registers.target(operation.rd(), A);
    switch (operation.encoding()) {
      case ANDN -> {
        int kept = to.registers.use(operation.rs1(), A);
        int cleared = to.registers.use(operation.rs2(), C);
        to.code.vex(Assembler.P_NONE, MAP_38, true, ANDN, host, cleared, kept);
      }
      case ORN -> inverted(to, host, operation, Assembler.OR);
      case XNOR -> inverted(to, host, operation, Assembler.XOR);
      case MAX -> choose(to, host, operation, Condition.LESS);
      case MAXU -> choose(to, host, operation, Condition.BELOW);
      case MIN -> choose(to, host, operation, Condition.GREATER);
      case MINU -> choose(to, host, operation, Condition.ABOVE);
      case ROL -> rotate(to, host, operation, true, Assembler.N_ROL);
      case ROR -> rotate(to, host, operation, true, Assembler.N_ROR);
      case ROLW -> rotate(to, host, operation, false, Assembler.N_ROL);
      case RORW -> rotate(to, host, operation, false, Assembler.N_ROR);
      default -> oneRegister(to, operation, host);
    }
    to.registers.done(operation.rd(), host);
  }

  private static void oneRegister(RegionEmitter to, Operation operation, int host) {
    int value = to.registers.use(operation.rs1(), A);
    Assembler code = to.code;
    switch (operation.encoding()) {
      case RORI -> rotateBy(to, host, value, true, operation.shift6());
      case RORIW -> {
        rotateBy(to, A, value, false, operation.shift6() & 31);
        code.rr(true, Assembler.MOVSXD, host, A);
      }
      case CLZ -> code.rr(Assembler.P_F3, true, LZCNT, host, value);
      case CTZ -> code.rr(Assembler.P_F3, true, TZCNT, host, value);
      case CPOP -> code.rr(Assembler.P_F3, true, POPCNT, host, value);
      case CLZW -> code.rr(Assembler.P_F3, false, LZCNT, host, value);
      case CTZW -> code.rr(Assembler.P_F3, false, TZCNT, host, value);
      case CPOPW -> code.rr(Assembler.P_F3, false, POPCNT, host, value);
      case SEXT_B -> code.rr(true, Assembler.MOVSX8, host, value);
      case SEXT_H -> code.rr(true, Assembler.MOVSX16, host, value);
      case ZEXT_H -> code.rr(false, Assembler.MOVZX16, host, value);
      case ORC_B -> combine(to, host, value);
      case REV8 -> {
        code.move(host, value);
        code.byteSwap(host);
      }
      default -> throw new AssertionError(operation);
    }
  }

  private static void inverted(RegionEmitter to, int host, Operation operation, int opcode) {
    to.registers.copy(operation.rs2(), A);
    to.code.unary(true, Assembler.N_NOT, A);
    to.registers.apply(true, opcode, A, operation.rs1());
    to.code.move(host, A);
  }

  /// The first, or the second where `condition` holds of the first by the second.
  private static void choose(RegionEmitter to, int host, Operation operation, Condition condition) {
    to.registers.copy(operation.rs1(), A);
    int second = to.registers.use(operation.rs2(), C);
    to.code.rr(true, Assembler.CMP, A, second);
    to.code.rr(true, Assembler.CMOV | condition.code(), A, second);
    to.code.move(host, A);
  }

  private static void rotate(
      RegionEmitter to, int host, Operation operation, boolean wide, int kind) {
    to.registers.copy(operation.rs1(), A);
    to.registers.copy(operation.rs2(), C);
    to.code.shiftByCl(wide, kind, A);
    to.code.rr(true, wide ? Assembler.MOV : Assembler.MOVSXD, host, A);
  }

  private static void rotateBy(RegionEmitter to, int host, int value, boolean wide, int count) {
    to.code.vexImmediate(Assembler.P_F2, MAP_3A, wide, RORX, host, 0, value, count);
  }

  /// `orc.b`: bytes that are zero are found as all ones, and turned round.
  private static void combine(RegionEmitter to, int host, int value) {
    Assembler code = to.code;
    code.vex(Assembler.P_66, MAP_0F, true, 0x6e, 0, 0, value);
    code.vex(Assembler.P_66, MAP_0F, false, 0xef, 1, 1, 1);
    code.vex(Assembler.P_66, MAP_0F, false, 0x74, 0, 0, 1);
    code.vex(Assembler.P_66, MAP_0F, true, 0x7e, 0, 0, A);
    code.unary(true, Assembler.N_NOT, A);
    code.move(host, A);
  }
}
