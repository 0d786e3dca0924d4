package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.Assembler.P_66;
import static brume.hypervisor.translator.amd64.Assembler.P_F2;
import static brume.hypervisor.translator.amd64.Assembler.P_F3;
import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.BIAS;
import static brume.hypervisor.translator.amd64.RegionEmitter.BLOCK;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;
import static brume.hypervisor.translator.amd64.RegionEmitter.D;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;

/// F and D: RISC-V unprivileged §20 and §21. The host's arithmetic rounds as the guest's and
/// records the same exceptions by itself, tininess after rounding among them (AMD64 manual volume
/// 1, §4.10). What it does otherwise is the interpreter's: all that gives a NaN, which RISC-V wants
/// canonical; singles that are not NaN-boxed; conversions out of range.
final class FloatOperations {
  private static final int MAP_0F = 1;
  private static final int MAP_38 = 2;
  private static final int MAP_3A = 3;

  private static final int SQRT = 0x51;
  private static final int ADD = 0x58;
  private static final int MUL = 0x59;
  private static final int SUB = 0x5c;
  private static final int MIN = 0x5d;
  private static final int DIV = 0x5e;
  private static final int MAX = 0x5f;
  private static final int COMPARE_QUIETLY = 0x2e;
  private static final int COMPARE = 0x2f;

  /// `vfmadd213`; two more for each of `fmsub`, `fnmadd`, `fnmsub`.
  private static final int FUSED = 0xa9;

  private static final int LOAD64 = 0x0f7e;
  private static final int STORE64 = 0x0fd6;
  private static final int STORE32 = 0x0f7e;
  private static final int FLOAT_SIGN = 63;

  private final RegionEmitter to;
  private final Assembler code;
  private final boolean used;

  /// Registers that surely hold a boxed single, in the block at hand.
  private int boxed;

  FloatOperations(RegionEmitter to, boolean used) {
    this.to = to;
    this.code = to.code;
    this.used = used;
  }

  boolean areUsed() {
    return used;
  }

  void startBlock() {
    boxed = 0;
  }

  private static int place(int register) {
    return TranslatedCode.F + 8 * register - BIAS;
  }

  /// From here on the processor records exceptions for the guest.
  void emitDoor() {
    if (!used) {
      return;
    }
    Label recording = new Label();
    code.immediateInPlace(Assembler.N_CMP, BLOCK, TranslatedCode.RECORDING - BIAS, 0);
    code.jump(Condition.NOT_EQUAL, recording);
    code.loadControl(BLOCK, TranslatedCode.MXCSR - BIAS);
    code.immediateInPlace(Assembler.N_OR, BLOCK, TranslatedCode.RECORDING - BIAS, 1);
    code.bind(recording);
    for (int register = 0; register < 32; register++) {
      if (to.homes.floating(register) != RegisterHomes.NONE) {
        read(to.homes.floating(register), register);
      }
    }
  }

  void emitTail(int set) {
    for (int register = 0; register < 32; register++) {
      if ((set >>> register & 1) != 0) {
        code.rm(P_66, false, STORE64, to.homes.floating(register), BLOCK, place(register));
      }
    }
  }

  private void read(int host, int register) {
    code.rm(P_F3, false, LOAD64, host, BLOCK, place(register));
  }

  int use(int register, int scratch) {
    int home = to.homes.floating(register);
    if (home == RegisterHomes.NONE) {
      read(scratch, register);
      return scratch;
    }
    return home;
  }

  int target(int register) {
    int home = to.homes.floating(register);
    return home == RegisterHomes.NONE ? 0 : home;
  }

  void done(int register, int host, boolean single) {
    int home = to.homes.floating(register);
    if (home == RegisterHomes.NONE) {
      code.rm(P_66, false, STORE64, host, BLOCK, place(register));
    } else {
      move(home, host);
    }
    boxed = single ? boxed | 1 << register : boxed & ~(1 << register);
  }

  private void move(int host, int from) {
    if (host != from) {
      code.vex(Assembler.P_NONE, MAP_0F, false, 0x28, host, 0, from);
    }
  }

  private static int scalar(boolean single) {
    return single ? P_F3 : P_F2;
  }

  /// As [#use], of what must be a single where `single` says so.
  private int operand(int register, int scratch, boolean single) {
    int host = use(register, scratch);
    if (single && (boxed >>> register & 1) == 0) {
      code.vexImmediate(P_66, MAP_3A, false, 0x16, host, 0, A, 1);
      code.immediate(false, Assembler.N_CMP, A, -1);
      code.jump(Condition.NOT_EQUAL, to.abandoned());
      boxed |= 1 << register;
    }
    return host;
  }

  void emit(Operation operation) {
    boolean single = operation.encoding().group() == Encoding.Group.SINGLE;
    switch (operation.encoding()) {
      case FADD_S, FADD_D -> arithmetic(operation, ADD, single);
      case FSUB_S, FSUB_D -> arithmetic(operation, SUB, single);
      case FMUL_S, FMUL_D -> arithmetic(operation, MUL, single);
      case FDIV_S, FDIV_D -> arithmetic(operation, DIV, single);
      case FSQRT_S, FSQRT_D -> root(operation, single);
      case FMIN_S, FMIN_D -> extreme(operation, MIN, single);
      case FMAX_S, FMAX_D -> extreme(operation, MAX, single);
      case FMADD_S, FMADD_D -> fused(operation, FUSED, single);
      case FMSUB_S, FMSUB_D -> fused(operation, FUSED + 2, single);
      case FNMSUB_S, FNMSUB_D -> fused(operation, FUSED + 4, single);
      case FNMADD_S, FNMADD_D -> fused(operation, FUSED + 6, single);
      case FSGNJ_S, FSGNJN_S, FSGNJX_S, FSGNJ_D, FSGNJN_D, FSGNJX_D -> sign(operation, single);
      case FEQ_S, FEQ_D, FLT_S, FLT_D, FLE_S, FLE_D -> compare(operation, single);
      default -> ConversionOperations.emit(to, this, operation);
    }
  }

  /// Where to compute a result that an attempt may have to give up: what it is made of is still
  /// there.
  private int attempt(Operation operation, int... sources) {
    int target = target(operation.rd());
    for (int source : sources) {
      if (source == target) {
        return 0;
      }
    }
    return target;
  }

  /// What is no number is the interpreter's.
  void number(int host, boolean single) {
    int prefix = single ? Assembler.P_NONE : P_66;
    code.vex(prefix, MAP_0F, false, COMPARE_QUIETLY, host, 0, host);
    code.jump(Condition.UNORDERED, to.interpreted());
  }

  private void arithmetic(Operation operation, int opcode, boolean single) {
    int first = operand(operation.rs1(), 0, single);
    int second = operand(operation.rs2(), 1, single);
    int result = attempt(operation, first, second);
    code.vex(scalar(single), MAP_0F, false, opcode, result, first, second);
    number(result, single);
    done(operation.rd(), result, single);
  }

  private void root(Operation operation, boolean single) {
    int source = operand(operation.rs1(), 1, single);
    int result = attempt(operation, source);
    code.vex(scalar(single), MAP_0F, false, SQRT, result, source, source);
    number(result, single);
    done(operation.rd(), result, single);
  }

  private void fused(Operation operation, int opcode, boolean single) {
    int first = operand(operation.rs1(), 0, single);
    move(0, first);
    int second = operand(operation.rs2(), 1, single);
    if (single) {
      operand(operation.rs3(), 1, true);
      second = use(operation.rs2(), 1);
    }
    int home = to.homes.floating(operation.rs3());
    if (home == RegisterHomes.NONE) {
      code.vexPlace(P_66, MAP_38, !single, opcode, 0, second, BLOCK, place(operation.rs3()));
    } else {
      code.vex(P_66, MAP_38, !single, opcode, 0, second, home);
    }
    number(0, single);
    done(operation.rd(), 0, single);
  }

  /// Equal ones may be zeros of two signs.
  private void extreme(Operation operation, int opcode, boolean single) {
    int first = operand(operation.rs1(), 0, single);
    int second = operand(operation.rs2(), 1, single);
    int prefix = single ? Assembler.P_NONE : P_66;
    code.vex(prefix, MAP_0F, false, COMPARE_QUIETLY, first, 0, second);
    Label slow = to.interpreted();
    code.jump(Condition.UNORDERED, slow);
    code.jump(Condition.EQUAL, slow);
    int result = attempt(operation, first, second);
    code.vex(scalar(single), MAP_0F, false, opcode, result, first, second);
    done(operation.rd(), result, single);
  }

  private void compare(Operation operation, boolean single) {
    int first = operand(operation.rs1(), 0, single);
    int second = operand(operation.rs2(), 1, single);
    int prefix = single ? Assembler.P_NONE : P_66;
    int host = to.registers.target(operation.rd(), A);
    switch (operation.encoding()) {
      case FEQ_S, FEQ_D -> {
        code.vex(prefix, MAP_0F, false, COMPARE_QUIETLY, first, 0, second);
        code.set(Condition.ORDERED, C);
        code.rr(false, Assembler.MOV, A, C);
        code.constantKeepingFlags(C, 0);
        code.rr(false, Assembler.CMOV | Condition.NOT_EQUAL.code(), A, C);
        code.rr(false, Assembler.MOV, host, A);
      }
      case FLT_S, FLT_D -> {
        code.vex(prefix, MAP_0F, false, COMPARE, second, 0, first);
        code.set(Condition.ABOVE, host);
      }
      default -> {
        code.vex(prefix, MAP_0F, false, COMPARE, second, 0, first);
        code.set(Condition.NOT_BELOW, host);
      }
    }
    if (operation.rd() != 0) {
      to.registers.done(operation.rd(), host);
    }
  }

  /// The sign of the second goes to the first: as it is, the other, or both together.
  private void sign(Operation operation, boolean single) {
    int first = operand(operation.rs1(), 0, single);
    int second = operand(operation.rs2(), 1, single);
    if (operation.rs1() == operation.rs2() && isPlainSign(operation)) {
      done(operation.rd(), first, single);
      return;
    }
    int bit = single ? 31 : FLOAT_SIGN;
    code.vex(P_66, MAP_0F, true, 0x7e, first, 0, A);
    code.vex(P_66, MAP_0F, true, 0x7e, second, 0, C);
    switch (operation.encoding()) {
      case FSGNJN_S, FSGNJN_D -> code.unary(true, Assembler.N_NOT, C);
      case FSGNJX_S, FSGNJX_D -> code.rr(true, Assembler.XOR, C, A);
      default -> {}
    }
    Label negative = new Label();
    code.bit(AddressOperations.SET, A, bit);
    code.bit(AddressOperations.TEST, C, bit);
    code.jump(Condition.BELOW, negative);
    code.bit(AddressOperations.CLEAR, A, bit);
    code.bind(negative);
    int host = target(operation.rd());
    code.vex(P_66, MAP_0F, true, 0x6e, host, 0, A);
    done(operation.rd(), host, single);
  }

  private static boolean isPlainSign(Operation operation) {
    return switch (operation.encoding()) {
      case FSGNJ_S, FSGNJ_D -> true;
      default -> false;
    };
  }

  /// From the host's address that RDX, a register and a displacement add up to.
  void load(int register, int bytes, int base, int displacement) {
    int host = target(register);
    if (bytes == 8) {
      code.rx(P_F3, false, LOAD64, host, D, base, 0, displacement);
    } else {
      code.rx(false, Assembler.MOV, C, D, base, 0, displacement);
      box(host, C);
    }
    done(register, host, bytes == 4);
  }

  void store(int register, int bytes, int base, int displacement) {
    int host = use(register, 0);
    if (bytes == 8) {
      code.rx(P_66, false, STORE64, host, D, base, 0, displacement);
    } else {
      code.rx(P_66, false, STORE32, host, D, base, 0, displacement);
    }
  }

  /// The low half of an integer register, as a single.
  void box(int host, int integer) {
    ones(host);
    code.vexImmediate(P_66, MAP_3A, false, 0x22, host, host, integer, 0);
  }

  void ones(int host) {
    code.vex(P_66, MAP_0F, false, 0x76, host, host, host);
  }

  int single(int register, int scratch) {
    return operand(register, scratch, true);
  }
}
