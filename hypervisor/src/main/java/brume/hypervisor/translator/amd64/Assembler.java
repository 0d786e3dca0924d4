package brume.hypervisor.translator.amd64;

import java.util.Arrays;

/// Writes x86-64 instructions into a growing array (AMD64 Architecture Programmer's Manual volume
/// 3, §1). Where a method has `wide`, the operation has 64 bits, else 32, which clears the upper
/// half of the register that it writes.
///
/// An opcode is its bytes, the escape `0f` among them: 0x03, 0x0faf, 0x0f38f0.
final class Assembler {
  private static final int START_BYTES = 4_096;

  /// Opcodes with a register and a register or memory: `register = register OP other`.
  static final int ADD = 0x03;

  static final int OR = 0x0b;
  static final int AND = 0x23;
  static final int SUB = 0x2b;
  static final int XOR = 0x33;
  static final int CMP = 0x3b;
  static final int MOVSXD = 0x63;
  static final int TEST = 0x85;
  static final int STORE = 0x89;
  static final int MOV = 0x8b;
  static final int LEA = 0x8d;
  static final int IMUL = 0x0faf;
  static final int MOVZX8 = 0x0fb6;
  static final int MOVZX16 = 0x0fb7;
  static final int MOVSX8 = 0x0fbe;
  static final int MOVSX16 = 0x0fbf;
  static final int CMOV = 0x0f40;
  static final int STORE8 = 0x88;
  private static final int TEST8 = 0xf6;

  /// The middle three bits of forms with an immediate: `80 /n`, `c1 /n`, `f7 /n`.
  static final int N_ADD = 0, N_OR = 1, N_AND = 4, N_SUB = 5, N_XOR = 6, N_CMP = 7;

  static final int N_ROL = 0, N_ROR = 1, N_SHL = 4, N_SHR = 5, N_SAR = 7;
  static final int N_NOT = 2, N_NEG = 3, N_MUL = 4, N_IMUL = 5, N_DIV = 6, N_IDIV = 7;

  /// Prefixes that are a part of an opcode.
  static final int P_NONE = 0, P_66 = 0x66, P_F2 = 0xf2, P_F3 = 0xf3;

  private byte[] code = new byte[START_BYTES];
  private int size;

  int size() {
    return size;
  }

  byte[] bytes() {
    return Arrays.copyOf(code, size);
  }

  private void room() {
    if (size + 32 > code.length) {
      code = Arrays.copyOf(code, 2 * code.length);
    }
  }

  private void put(int value) {
    code[size++] = (byte) value;
  }

  private void put32(int value) {
    put(value);
    put(value >> 8);
    put(value >> 16);
    put(value >> 24);
  }

  private void putOpcode(int opcode) {
    if (opcode > 0xffff) {
      put(opcode >> 16);
    }
    if (opcode > 0xff) {
      put(opcode >> 8);
    }
    put(opcode);
  }

  private void putHead(int prefix, boolean wide, int opcode, int reg, int index, int base) {
    room();
    if (prefix != P_NONE) {
      put(prefix);
    }
    int rex = (wide ? 8 : 0) | ((reg >> 3) << 2) | ((index >> 3) << 1) | (base >> 3);
    // Without the prefix, byte registers 4 to 7 would be the upper halves of the first four.
    if (rex != 0 || isOfBytes(opcode)) {
      put(0x40 | rex);
    }
    putOpcode(opcode);
  }

  private static boolean isOfBytes(int opcode) {
    return opcode == STORE8 || opcode == MOVZX8 || opcode == MOVSX8 || opcode == TEST8;
  }

  /// Two bits and two registers' low three: a ModRM or SIB byte.
  private static int mode(int upper, int reg, int rm) {
    return (upper << 6) | ((reg & 7) << 3) | (rm & 7);
  }

  private void putPlace(int reg, int base, int displacement) {
    boolean none = displacement == 0 && (base & 7) != Register.RBP;
    boolean small = displacement == (byte) displacement;
    put(mode(none ? 0 : small ? 1 : 2, reg, base));
    if ((base & 7) == Register.RSP) {
      put(0x24);
    }
    putDisplacement(none, small, displacement);
  }

  private void putDisplacement(boolean none, boolean small, int displacement) {
    if (none) {
      return;
    }
    if (small) {
      put(displacement);
    } else {
      put32(displacement);
    }
  }

  private void putPlace(int reg, int base, int index, int scale, int displacement) {
    boolean none = displacement == 0 && (base & 7) != Register.RBP;
    boolean small = displacement == (byte) displacement;
    put(mode(none ? 0 : small ? 1 : 2, reg, Register.RSP));
    put(mode(scale, index, base));
    putDisplacement(none, small, displacement);
  }

  /// `reg = reg OP rm`, or as the opcode has it.
  void rr(boolean wide, int opcode, int reg, int rm) {
    rr(P_NONE, wide, opcode, reg, rm);
  }

  void rr(int prefix, boolean wide, int opcode, int reg, int rm) {
    putHead(prefix, wide, opcode, reg, 0, rm);
    put(mode(3, reg, rm));
  }

  /// The same with what is at `base + displacement`.
  void rm(boolean wide, int opcode, int reg, int base, int displacement) {
    rm(P_NONE, wide, opcode, reg, base, displacement);
  }

  void rm(int prefix, boolean wide, int opcode, int reg, int base, int displacement) {
    putHead(prefix, wide, opcode, reg, 0, base);
    putPlace(reg, base, displacement);
  }

  /// The same with what is at `base + (index << scale) + displacement`; the index is not RSP.
  void rx(boolean wide, int opcode, int reg, int base, int index, int scale, int displacement) {
    rx(P_NONE, wide, opcode, reg, base, index, scale, displacement);
  }

  void rx(
      int prefix, boolean wide, int opcode, int reg, int base, int index, int scale, int distance) {
    putHead(prefix, wide, opcode, reg, index, base);
    putPlace(reg, base, index, scale, distance);
  }

  void move(int to, int from) {
    if (to != from) {
      rr(true, MOV, to, from);
    }
  }

  /// `reg = value`, sign-extended.
  void constant(int reg, int value) {
    if (value == 0) {
      rr(false, XOR, reg, reg);
    } else if (value > 0) {
      putHead(P_NONE, false, 0xb8 | (reg & 7), 0, 0, reg);
      put32(value);
    } else {
      putHead(P_NONE, true, 0xc7, 0, 0, reg);
      put(0xc0 | (reg & 7));
      put32(value);
    }
  }

  /// As [#constant], where the flags are still wanted.
  void constantKeepingFlags(int reg, int value) {
    putHead(P_NONE, false, 0xb8 | (reg & 7), 0, 0, reg);
    put32(value);
  }

  /// `rm = rm OP value` with one of `N_ADD` …
  void immediate(boolean wide, int operation, int rm, int value) {
    boolean small = value == (byte) value;
    putHead(P_NONE, wide, small ? 0x83 : 0x81, 0, 0, rm);
    put(mode(3, operation, rm));
    putDisplacement(false, small, value);
  }

  /// Sets the flags by the lowest byte of a register and a value.
  void testByte(int rm, int value) {
    putHead(P_NONE, false, TEST8, 0, 0, rm);
    put(mode(3, 0, rm));
    put(value);
  }

  /// `rm = rm SHIFT count` with one of `N_ROL` …
  void shift(boolean wide, int operation, int rm, int count) {
    putHead(P_NONE, wide, 0xc1, 0, 0, rm);
    put(mode(3, operation, rm));
    put(count);
  }

  /// The same by CL.
  void shiftByCl(boolean wide, int operation, int rm) {
    unary(wide, 0xd3, operation, rm);
  }

  /// One of `N_NOT` … of a register, RAX and RDX.
  void unary(boolean wide, int operation, int rm) {
    unary(wide, 0xf7, operation, rm);
  }

  private void unary(boolean wide, int opcode, int operation, int rm) {
    putHead(P_NONE, wide, opcode, 0, 0, rm);
    put(mode(3, operation, rm));
  }

  /// `bt`, `bts`, `btr`, `btc` (4 to 7) with a constant.
  void bit(int operation, int rm, int number) {
    putHead(P_NONE, true, 0x0fba, 0, 0, rm);
    put(mode(3, operation, rm));
    put(number);
  }

  /// Sign-extends RAX into RDX.
  void signIntoRdx(boolean wide) {
    putHead(P_NONE, wide, 0x99, 0, 0, 0);
  }

  void byteSwap(int reg) {
    putHead(P_NONE, true, 0x0fc8 | (reg & 7), 0, 0, reg);
  }

  /// `reg = condition ? 1 : 0`.
  void set(Condition condition, int reg) {
    putHead(P_NONE, false, 0x0f90 | condition.code(), 0, 0, Register.RAX);
    put(0xc0);
    rr(false, MOVZX8, reg, Register.RAX);
  }

  void push(int reg) {
    putHead(P_NONE, false, 0x50 | (reg & 7), 0, 0, reg);
  }

  void pop(int reg) {
    putHead(P_NONE, false, 0x58 | (reg & 7), 0, 0, reg);
  }

  void ret() {
    room();
    put(0xc3);
  }

  /// The next instruction, which changes memory, is indivisible and a full fence.
  void lock() {
    room();
    put(0xf0);
  }

  /// A store that is done and seen before any load behind it.
  void lockedNothing() {
    lock();
    immediateInPlace(N_OR, Register.RSP, 0, 0);
  }

  /// `32 bits at base + displacement = what is there OP value`, a byte.
  void immediateInPlace(int operation, int base, int displacement, int value) {
    putHead(P_NONE, false, 0x83, 0, 0, base);
    putPlace(operation, base, displacement);
    put(value);
  }

  /// MXCSR from memory, and into it.
  void loadControl(int base, int displacement) {
    rm(false, 0x0fae, 2, base, displacement);
  }

  void storeControl(int base, int displacement) {
    rm(false, 0x0fae, 3, base, displacement);
  }

  void bind(Label label) {
    label.position = size;
    for (int place : label.awaited()) {
      int distance = size - (place + 4);
      code[place] = (byte) distance;
      code[place + 1] = (byte) (distance >> 8);
      code[place + 2] = (byte) (distance >> 16);
      code[place + 3] = (byte) (distance >> 24);
    }
  }

  void jump(Label label) {
    room();
    if (isNear(label)) {
      put(0xeb);
      put(label.position - (size + 1));
    } else {
      put(0xe9);
      putDistance(label);
    }
  }

  void jump(Condition condition, Label label) {
    jump(condition.code(), label);
  }

  void jumpUnless(Condition condition, Label label) {
    jump(condition.code() ^ 1, label);
  }

  private void jump(int condition, Label label) {
    room();
    if (isNear(label)) {
      put(0x70 | condition);
      put(label.position - (size + 1));
    } else {
      put(0x0f);
      put(0x80 | condition);
      putDistance(label);
    }
  }

  private boolean isNear(Label label) {
    return label.position != Label.UNBOUND && label.position - (size + 2) >= Byte.MIN_VALUE;
  }

  private void putDistance(Label label) {
    if (label.position == Label.UNBOUND) {
      label.awaitedAt(size);
    }
    put32(label.position - (size + 4));
  }

  void jumpTo(int reg) {
    putHead(P_NONE, false, 0xff, 0, 0, reg);
    put(0xe0 | (reg & 7));
  }

  /// To the address at `base + index + displacement`.
  void jumpToPlace(int base, int index, int displacement) {
    rx(false, 0xff, 4, base, index, 0, displacement);
  }

  void call(int reg) {
    putHead(P_NONE, false, 0xff, 0, 0, reg);
    put(0xd0 | (reg & 7));
  }

  /// The same with three operands: `reg = vvvv OP rm`. `map` is 1 for `0f`, 2 for `0f38`, 3 for
  /// `0f3a`; `prefix` as for other opcodes.
  void vex(int prefix, int map, boolean wide, int opcode, int reg, int vvvv, int rm) {
    putVex(prefix, map, wide, reg, 0, rm, vvvv);
    put(opcode);
    put(mode(3, reg, rm));
  }

  /// The same with what is at `base + displacement`.
  void vexPlace(
      int prefix, int map, boolean wide, int opcode, int reg, int vvvv, int base, int distance) {
    putVex(prefix, map, wide, reg, 0, base, vvvv);
    put(opcode);
    putPlace(reg, base, distance);
  }

  void vexImmediate(
      int prefix, int map, boolean wide, int opcode, int reg, int vvvv, int rm, int value) {
    vex(prefix, map, wide, opcode, reg, vvvv, rm);
    put(value);
  }

  /// Bit 3 of a register's number.
  private static int fourth(int register) {
    return (register >> 3) & 1;
  }

  private void putVex(int prefix, int map, boolean wide, int reg, int index, int base, int vvvv) {
    room();
    int pp =
        switch (prefix) {
          case P_66 -> 1;
          case P_F3 -> 2;
          case P_F2 -> 3;
          default -> 0;
        };
    put(0xc4);
    put((fourth(~reg) << 7) | (fourth(~index) << 6) | (fourth(~base) << 5) | map);
    put((wide ? 0x80 : 0) | ((~vvvv & 15) << 3) | pp);
  }
}
