package brume.hypervisor.reference;

/// RV64C with D: a 16-bit instruction as the 32-bit one that the specification says it expands to
/// (unprivileged chapter 27), or 0 where it is reserved.
final class ReferenceCompressed {
  private ReferenceCompressed() {}

  static int expand(int c) {
    return switch (c & 3) {
      case 0 -> quadrant0(c);
      case 1 -> quadrant1(c);
      default -> quadrant2(c);
    };
  }

  /// `c[from]` moved to position `to`.
  private static int bit(int c, int from, int to) {
    return (c >> from & 1) << to;
  }

  /// `count` bits of `c` from bit `from` on, moved to position `to`.
  private static int bits(int c, int from, int count, int to) {
    return (c >> from & ((1 << count) - 1)) << to;
  }

  private static int iType(int opcode, int funct3, int rd, int rs1, int imm) {
    return imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
  }

  private static int sType(int opcode, int funct3, int rs1, int rs2, int imm) {
    return (imm >> 5) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | (imm & 31) << 7 | opcode;
  }

  private static int rType(int opcode, int funct3, int funct7, int rd, int rs1, int rs2) {
    return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
  }

  private static int quadrant0(int c) {
    int rd = 8 + bits(c, 2, 3, 0);
    int rs1 = 8 + bits(c, 7, 3, 0);
    int word = bits(c, 10, 3, 3) | bit(c, 6, 2) | bit(c, 5, 6);
    int doubleword = bits(c, 10, 3, 3) | bits(c, 5, 2, 6);
    return switch (c >> 13 & 7) {
      case 0 -> {
        int imm = bits(c, 11, 2, 4) | bits(c, 7, 4, 6) | bit(c, 6, 2) | bit(c, 5, 3);
        yield imm == 0 ? 0 : iType(0x13, 0, rd, 2, imm);
      }
      case 1 -> iType(0x07, 3, rd, rs1, doubleword);
      case 2 -> iType(0x03, 2, rd, rs1, word);
      case 3 -> iType(0x03, 3, rd, rs1, doubleword);
      case 5 -> sType(0x27, 3, rs1, rd, doubleword);
      case 6 -> sType(0x23, 2, rs1, rd, word);
      case 7 -> sType(0x23, 3, rs1, rd, doubleword);
      default -> 0;
    };
  }

  private static int quadrant1(int c) {
    int rd = bits(c, 7, 5, 0);
    int imm = (bit(c, 12, 5) | bits(c, 2, 5, 0)) << 26 >> 26;
    return switch (c >> 13 & 7) {
      case 0 -> iType(0x13, 0, rd, rd, imm);
      case 1 -> rd == 0 ? 0 : iType(0x1b, 0, rd, rd, imm);
      case 2 -> iType(0x13, 0, rd, 0, imm);
      case 3 -> {
        if (imm == 0) {
          yield 0;
        }
        if (rd == 2) {
          int sp = bit(c, 6, 4) | bit(c, 2, 5) | bit(c, 5, 6) | bits(c, 3, 2, 7) | bit(c, 12, 9);
          yield iType(0x13, 0, 2, 2, sp << 22 >> 22);
        }
        yield imm << 12 | rd << 7 | 0x37;
      }
      case 4 -> arithmetic(c, imm);
      case 5 -> jump(c);
      case 6 -> branch(c, 0);
      default -> branch(c, 1);
    };
  }

  private static int arithmetic(int c, int imm) {
    int rd = 8 + bits(c, 7, 3, 0);
    int rs2 = 8 + bits(c, 2, 3, 0);
    return switch (c >> 10 & 3) {
      case 0 -> iType(0x13, 5, rd, rd, imm & 63);
      case 1 -> iType(0x13, 5, rd, rd, (imm & 63) | 0x400);
      case 2 -> iType(0x13, 7, rd, rd, imm);
      default ->
          switch (c >> 12 & 1) {
            case 0 ->
                switch (c >> 5 & 3) {
                  case 0 -> rType(0x33, 0, 0x20, rd, rd, rs2);
                  case 1 -> rType(0x33, 4, 0, rd, rd, rs2);
                  case 2 -> rType(0x33, 6, 0, rd, rd, rs2);
                  default -> rType(0x33, 7, 0, rd, rd, rs2);
                };
            default ->
                switch (c >> 5 & 3) {
                  case 0 -> rType(0x3b, 0, 0x20, rd, rd, rs2);
                  case 1 -> rType(0x3b, 0, 0, rd, rd, rs2);
                  default -> 0;
                };
          };
    };
  }

  private static int jump(int c) {
    int offset =
        bits(c, 3, 3, 1)
            | bit(c, 11, 4)
            | bit(c, 2, 5)
            | bit(c, 7, 6)
            | bit(c, 6, 7)
            | bits(c, 9, 2, 8)
            | bit(c, 8, 10)
            | bit(c, 12, 11);
    offset = offset << 20 >> 20;
    return bit(offset, 20, 31)
        | bits(offset, 1, 10, 21)
        | bit(offset, 11, 20)
        | bits(offset, 12, 8, 12)
        | 0x6f;
  }

  private static int branch(int c, int funct3) {
    int offset =
        bits(c, 3, 2, 1) | bits(c, 10, 2, 3) | bit(c, 2, 5) | bits(c, 5, 2, 6) | bit(c, 12, 8);
    offset = offset << 23 >> 23;
    int rs1 = 8 + bits(c, 7, 3, 0);
    return bit(offset, 12, 31)
        | bits(offset, 5, 6, 25)
        | rs1 << 15
        | funct3 << 12
        | bits(offset, 1, 4, 8)
        | bit(offset, 11, 7)
        | 0x63;
  }

  private static int quadrant2(int c) {
    int rd = bits(c, 7, 5, 0);
    int rs2 = bits(c, 2, 5, 0);
    int doubleLoad = bits(c, 5, 2, 3) | bit(c, 12, 5) | bits(c, 2, 3, 6);
    int wordLoad = bits(c, 4, 3, 2) | bit(c, 12, 5) | bits(c, 2, 2, 6);
    int doubleStore = bits(c, 10, 3, 3) | bits(c, 7, 3, 6);
    int wordStore = bits(c, 9, 4, 2) | bits(c, 7, 2, 6);
    return switch (c >> 13 & 7) {
      case 0 -> iType(0x13, 1, rd, rd, bit(c, 12, 5) | rs2);
      case 1 -> iType(0x07, 3, rd, 2, doubleLoad);
      case 2 -> rd == 0 ? 0 : iType(0x03, 2, rd, 2, wordLoad);
      case 3 -> rd == 0 ? 0 : iType(0x03, 3, rd, 2, doubleLoad);
      case 4 -> moveOrJump(c, rd, rs2);
      case 5 -> sType(0x27, 3, 2, rs2, doubleStore);
      case 6 -> sType(0x23, 2, 2, rs2, wordStore);
      default -> sType(0x23, 3, 2, rs2, doubleStore);
    };
  }

  private static int moveOrJump(int c, int rd, int rs2) {
    boolean link = (c >> 12 & 1) != 0;
    if (rs2 != 0) {
      return rType(0x33, 0, 0, rd, link ? rd : 0, rs2);
    }
    if (rd == 0) {
      return link ? 0x0010_0073 : 0;
    }
    return iType(0x67, 0, link ? 1 : 0, rd, 0);
  }
}
