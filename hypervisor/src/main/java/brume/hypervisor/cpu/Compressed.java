package brume.hypervisor.cpu;

/// Expands the C extension into 32-bit instructions: RISC-V unprivileged §27, with the tables of
/// §27.8. Zero, which is no instruction, stands for everything reserved.
final class Compressed {
  private static final int ADDI = 0x13;
  private static final int ADDIW = 0x1b;
  private static final int ADD = 0x33;
  private static final int ADDW = 0x3b;
  private static final int SP = 2;

  private Compressed() {}

  static int expand(int c) {
    return switch ((c & 3) << 3 | c >>> 13) {
      case 0 -> addi4spn(c);
      case 1 -> load(0x3007, doubleOffset(c), c);
      case 2 -> load(0x2003, wordOffset(c), c);
      case 3 -> load(0x3003, doubleOffset(c), c);
      case 5 -> store(0x3027, doubleOffset(c), c);
      case 6 -> store(0x2023, wordOffset(c), c);
      case 7 -> store(0x3023, doubleOffset(c), c);
      case 8 -> immediate(ADDI, full(c), full(c), six(c));
      case 9 -> full(c) == 0 ? 0 : immediate(ADDIW, full(c), full(c), six(c));
      case 10 -> immediate(ADDI, full(c), 0, six(c));
      case 11 -> full(c) == SP ? addi16sp(c) : lui(c);
      case 12 -> arithmetic(c);
      case 13 -> jump(c);
      case 14 -> branch(0x0063, c);
      case 15 -> branch(0x1063, c);
      case 16 -> immediate(0x1013, full(c), full(c), six(c) & 63);
      case 17 -> immediate(0x3007, full(c), SP, doubleStackOffset(c));
      case 18 -> full(c) == 0 ? 0 : immediate(0x2003, full(c), SP, wordStackOffset(c));
      case 19 -> full(c) == 0 ? 0 : immediate(0x3003, full(c), SP, doubleStackOffset(c));
      case 20 -> register(c);
      case 21 -> store(0x3027, SP, c >>> 2 & 31, field(c, 10, 3, 3) | field(c, 7, 3, 6));
      case 22 -> store(0x2023, SP, c >>> 2 & 31, field(c, 9, 4, 2) | field(c, 7, 2, 6));
      case 23 -> store(0x3023, SP, c >>> 2 & 31, field(c, 10, 3, 3) | field(c, 7, 3, 6));
      default -> 0;
    };
  }

  /// `count` bits of `c` from bit `from`, moved to bit `to`.
  private static int field(int c, int from, int count, int to) {
    return (c >>> from & ((1 << count) - 1)) << to;
  }

  private static int full(int c) {
    return c >>> 7 & 31;
  }

  /// A register of the eight that 3 bits can name: x8 to x15.
  private static int low(int c) {
    return 8 + (c >>> 2 & 7);
  }

  private static int high(int c) {
    return 8 + (c >>> 7 & 7);
  }

  /// The signed immediate of 6 bits.
  private static int six(int c) {
    return field(c, 12, 1, 31) >> 26 | (c >>> 2 & 31);
  }

  private static int wordOffset(int c) {
    return field(c, 10, 3, 3) | field(c, 6, 1, 2) | field(c, 5, 1, 6);
  }

  private static int doubleOffset(int c) {
    return field(c, 10, 3, 3) | field(c, 5, 2, 6);
  }

  private static int wordStackOffset(int c) {
    return field(c, 12, 1, 5) | field(c, 4, 3, 2) | field(c, 2, 2, 6);
  }

  private static int doubleStackOffset(int c) {
    return field(c, 12, 1, 5) | field(c, 5, 2, 3) | field(c, 2, 3, 6);
  }

  private static int immediate(int operation, int rd, int rs1, int value) {
    return operation | rd << 7 | rs1 << 15 | value << 20;
  }

  private static int registers(int operation, int rd, int rs1, int rs2) {
    return operation | rd << 7 | rs1 << 15 | rs2 << 20;
  }

  private static int load(int operation, int offset, int c) {
    return immediate(operation, low(c), high(c), offset);
  }

  private static int store(int operation, int offset, int c) {
    return store(operation, high(c), low(c), offset);
  }

  private static int store(int operation, int base, int value, int offset) {
    return operation | (offset & 31) << 7 | base << 15 | value << 20 | offset >>> 5 << 25;
  }

  private static int addi4spn(int c) {
    int value = field(c, 11, 2, 4) | field(c, 7, 4, 6) | field(c, 6, 1, 2) | field(c, 5, 1, 3);
    return value == 0 ? 0 : immediate(ADDI, low(c), SP, value);
  }

  private static int addi16sp(int c) {
    int value =
        field(c, 12, 1, 31) >> 22
            | field(c, 6, 1, 4)
            | field(c, 5, 1, 6)
            | field(c, 3, 2, 7)
            | field(c, 2, 1, 5);
    return value == 0 ? 0 : immediate(ADDI, SP, SP, value);
  }

  private static int lui(int c) {
    return six(c) == 0 ? 0 : 0x37 | full(c) << 7 | six(c) << 12;
  }

  private static int arithmetic(int c) {
    int rd = high(c);
    return switch (c >>> 10 & 3) {
      case 0 -> immediate(0x5013, rd, rd, six(c) & 63);
      case 1 -> immediate(0x5013, rd, rd, 0x400 | (six(c) & 63));
      case 2 -> immediate(0x7013, rd, rd, six(c));
      default ->
          switch ((c >>> 12 & 1) << 2 | (c >>> 5 & 3)) {
            case 0 -> registers(0x4000_0000 | ADD, rd, rd, low(c));
            case 1 -> registers(0x4000 | ADD, rd, rd, low(c));
            case 2 -> registers(0x6000 | ADD, rd, rd, low(c));
            case 3 -> registers(0x7000 | ADD, rd, rd, low(c));
            case 4 -> registers(0x4000_0000 | ADDW, rd, rd, low(c));
            case 5 -> registers(ADDW, rd, rd, low(c));
            default -> 0;
          };
    };
  }

  private static int jump(int c) {
    int to =
        field(c, 12, 1, 31) >> 20
            | field(c, 11, 1, 4)
            | field(c, 9, 2, 8)
            | field(c, 8, 1, 10)
            | field(c, 7, 1, 6)
            | field(c, 6, 1, 7)
            | field(c, 3, 3, 1)
            | field(c, 2, 1, 5);
    int bits = (to >>> 20 & 1) << 31 | (to & 0x7fe) << 20 | (to >>> 11 & 1) << 20 | (to & 0xff000);
    return 0x6f | bits;
  }

  private static int branch(int operation, int c) {
    int to =
        field(c, 12, 1, 31) >> 23
            | field(c, 10, 2, 3)
            | field(c, 5, 2, 6)
            | field(c, 3, 2, 1)
            | field(c, 2, 1, 5);
    int bits =
        (to >>> 12 & 1) << 31
            | (to >>> 5 & 0x3f) << 25
            | (to >>> 1 & 0xf) << 8
            | (to >>> 11 & 1) << 7;
    return operation | high(c) << 15 | bits;
  }

  /// `c.jr`, `c.mv`, `c.ebreak`, `c.jalr`, `c.add`.
  private static int register(int c) {
    int rd = full(c);
    int rs2 = c >>> 2 & 31;
    boolean second = (c & 0x1000) != 0;
    if (rs2 != 0) {
      return second ? registers(ADD, rd, rd, rs2) : immediate(ADDI, rd, rs2, 0);
    }
    if (rd == 0) {
      return second ? 0x0010_0073 : 0;
    }
    return immediate(0x67, second ? 1 : 0, rd, 0);
  }
}
