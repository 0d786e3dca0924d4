package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.Assembler.P_66;
import static brume.hypervisor.translator.amd64.Assembler.P_F2;
import static brume.hypervisor.translator.amd64.Assembler.P_F3;
import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// Conversions and moves of F and D: RISC-V unprivileged §20.7, §21.5. A conversion that the host
/// finds out of range, or may round out of it, is the interpreter's.
final class ConversionOperations {
  private static final int MAP_0F = 1;
  private static final int FROM_INTEGER = 0x2a;
  private static final int TO_INTEGER_TRUNCATED = 0x2c;
  private static final int TO_INTEGER = 0x2d;
  private static final int TO_OTHER = 0x5a;

  /// The upper 16 bits of 2^31 and 2^63.
  private static final int DOUBLE_2_31 = 0x41e0, DOUBLE_2_63 = 0x43e0;

  private static final int SINGLE_2_31 = 0x4f00, SINGLE_2_63 = 0x5f00;

  private ConversionOperations() {}

  static void emit(RegionEmitter to, FloatOperations floats, Operation operation) {
    Assembler code = to.code;
    int rd = operation.rd();
    switch (operation.encoding()) {
      case FMV_X_D -> {
        if (rd != 0) {
          int host = to.registers.target(rd, A);
          code.vex(P_66, MAP_0F, true, 0x7e, floats.use(operation.rs1(), 0), 0, host);
          to.registers.done(rd, host);
        }
      }
      case FMV_X_W -> {
        if (rd != 0) {
          int host = to.registers.target(rd, A);
          code.vex(P_66, MAP_0F, false, 0x7e, floats.use(operation.rs1(), 0), 0, A);
          code.rr(true, Assembler.MOVSXD, host, A);
          to.registers.done(rd, host);
        }
      }
      case FMV_D_X -> {
        int host = floats.target(rd);
        code.vex(P_66, MAP_0F, true, 0x6e, host, 0, to.registers.use(operation.rs1(), A));
        floats.done(rd, host, false);
      }
      case FMV_W_X -> {
        int host = floats.target(rd);
        floats.box(host, to.registers.use(operation.rs1(), A));
        floats.done(rd, host, true);
      }
      case FCVT_S_D -> narrow(to, floats, operation);
      case FCVT_D_S -> widen(to, floats, operation);
      default -> {
        switch (operation.encoding().operands()) {
          case INTEGER_TO_FLOAT -> fromInteger(to, floats, operation);
          default -> toInteger(to, floats, operation);
        }
      }
    }
  }

  private static void narrow(RegionEmitter to, FloatOperations floats, Operation operation) {
    int source = floats.use(operation.rs1(), 1);
    floats.ones(0);
    to.code.vex(P_F2, MAP_0F, false, TO_OTHER, 0, 0, source);
    floats.number(0, true);
    floats.done(operation.rd(), 0, true);
  }

  private static void widen(RegionEmitter to, FloatOperations floats, Operation operation) {
    int source = floats.single(operation.rs1(), 1);
    to.code.vex(P_F3, MAP_0F, false, TO_OTHER, 0, source, source);
    floats.number(0, false);
    floats.done(operation.rd(), 0, false);
  }

  private static boolean isSingle(Operation operation) {
    return switch (operation.encoding()) {
      case FCVT_S_W, FCVT_S_WU, FCVT_S_L, FCVT_S_LU -> true;
      case FCVT_W_S, FCVT_WU_S, FCVT_L_S, FCVT_LU_S -> true;
      default -> false;
    };
  }

  private static boolean isUnsigned(Operation operation) {
    return (operation.rs2() & 1) != 0;
  }

  private static boolean isLong(Operation operation) {
    return (operation.rs2() & 2) != 0;
  }

  private static void fromInteger(RegionEmitter to, FloatOperations floats, Operation operation) {
    Assembler code = to.code;
    boolean single = isSingle(operation);
    boolean wide = isLong(operation);
    int source = to.registers.use(operation.rs1(), A);
    if (isUnsigned(operation) && wide) {
      code.rr(true, Assembler.TEST, source, source);
      code.jump(Condition.NEGATIVE, to.interpreted());
    } else if (isUnsigned(operation)) {
      code.rr(false, Assembler.MOV, A, source);
      source = A;
      wide = true;
    }
    int host = floats.target(operation.rd());
    floats.ones(host);
    code.vex(single ? P_F3 : P_F2, MAP_0F, wide, FROM_INTEGER, host, host, source);
    floats.done(operation.rd(), host, single);
  }

  private static void toInteger(RegionEmitter to, FloatOperations floats, Operation operation) {
    Assembler code = to.code;
    boolean single = isSingle(operation);
    boolean wide = isLong(operation);
    int source = single ? floats.single(operation.rs1(), 0) : floats.use(operation.rs1(), 0);
    if (isUnsigned(operation)) {
      positive(to, source, single, wide);
      wide = true;
    }
    boolean truncated = (operation.bits() >>> 12 & 7) == 1;
    code.vex(
        single ? P_F3 : P_F2,
        MAP_0F,
        wide,
        truncated ? TO_INTEGER_TRUNCATED : TO_INTEGER,
        A,
        0,
        source);
    code.immediate(wide, Assembler.N_CMP, A, 1);
    code.jump(Condition.OVERFLOW, to.interpreted());
    if (operation.rd() != 0) {
      int host = to.registers.target(operation.rd(), A);
      code.rr(true, isLong(operation) ? Assembler.MOV : Assembler.MOVSXD, host, A);
      to.registers.done(operation.rd(), host);
    }
  }

  /// What is negative, or not surely in range before it is rounded, is the interpreter's: the host
  /// has no unsigned numbers and would record that it was inexact.
  private static void positive(RegionEmitter to, int source, boolean single, boolean wide) {
    Assembler code = to.code;
    int bound = single ? (wide ? SINGLE_2_63 : SINGLE_2_31) : wide ? DOUBLE_2_63 : DOUBLE_2_31;
    code.vex(P_66, MAP_0F, !single, 0x7e, source, 0, C);
    code.shift(!single, Assembler.N_SHR, C, single ? 16 : 48);
    code.immediate(false, Assembler.N_CMP, C, bound);
    code.jump(Condition.NOT_BELOW, to.interpreted());
  }
}
