package brume.hypervisor.reference;

import java.math.BigInteger;

/// Integer arithmetic of RV64IM and Zba, Zbb, Zbc, Zbs on two operands, chosen by raw encoding.
/// Null stands for an encoding that is not assigned.
final class ReferenceInteger {
  private static final BigInteger MASK = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private ReferenceInteger() {}

  private static BigInteger unsigned(long a) {
    return BigInteger.valueOf(a).and(MASK);
  }

  private static BigInteger signed(long a) {
    return BigInteger.valueOf(a);
  }

  private static long bool(boolean value) {
    return value ? 1 : 0;
  }

  /// Major opcode OP.
  static Long op(int funct7, int funct3, long a, long b) {
    int shift = (int) b & 63;
    return switch (funct7 << 3 | funct3) {
      case 0x00 << 3 | 0 -> a + b;
      case 0x20 << 3 | 0 -> a - b;
      case 0x00 << 3 | 1 -> a << shift;
      case 0x00 << 3 | 2 -> bool(a < b);
      case 0x00 << 3 | 3 -> bool(unsigned(a).compareTo(unsigned(b)) < 0);
      case 0x00 << 3 | 4 -> a ^ b;
      case 0x00 << 3 | 5 -> a >>> shift;
      case 0x20 << 3 | 5 -> a >> shift;
      case 0x00 << 3 | 6 -> a | b;
      case 0x00 << 3 | 7 -> a & b;
      case 0x20 << 3 | 4 -> ~(a ^ b);
      case 0x20 << 3 | 6 -> a | ~b;
      case 0x20 << 3 | 7 -> a & ~b;
      case 0x01 << 3 | 0 -> signed(a).multiply(signed(b)).longValue();
      case 0x01 << 3 | 1 -> signed(a).multiply(signed(b)).shiftRight(64).longValue();
      case 0x01 << 3 | 2 -> signed(a).multiply(unsigned(b)).shiftRight(64).longValue();
      case 0x01 << 3 | 3 -> unsigned(a).multiply(unsigned(b)).shiftRight(64).longValue();
      case 0x01 << 3 | 4 -> b == 0 ? -1 : signed(a).divide(signed(b)).longValue();
      case 0x01 << 3 | 5 -> b == 0 ? -1 : unsigned(a).divide(unsigned(b)).longValue();
      case 0x01 << 3 | 6 -> b == 0 ? a : signed(a).remainder(signed(b)).longValue();
      case 0x01 << 3 | 7 -> b == 0 ? a : unsigned(a).remainder(unsigned(b)).longValue();
      case 0x10 << 3 | 2 -> a * 2 + b;
      case 0x10 << 3 | 4 -> a * 4 + b;
      case 0x10 << 3 | 6 -> a * 8 + b;
      case 0x05 << 3 | 1 -> carryless(a, b).longValue();
      case 0x05 << 3 | 2 -> carryless(a, b).shiftRight(63).longValue();
      case 0x05 << 3 | 3 -> carryless(a, b).shiftRight(64).longValue();
      case 0x05 << 3 | 4 -> signed(a).min(signed(b)).longValue();
      case 0x05 << 3 | 5 -> unsigned(a).min(unsigned(b)).longValue();
      case 0x05 << 3 | 6 -> signed(a).max(signed(b)).longValue();
      case 0x05 << 3 | 7 -> unsigned(a).max(unsigned(b)).longValue();
      case 0x30 << 3 | 1 -> rotateRight(a, 64 - shift, 64);
      case 0x30 << 3 | 5 -> rotateRight(a, shift, 64);
      case 0x24 << 3 | 1 -> unsigned(a).clearBit(shift).longValue();
      case 0x24 << 3 | 5 -> bool(unsigned(a).testBit(shift));
      case 0x34 << 3 | 1 -> unsigned(a).flipBit(shift).longValue();
      case 0x14 << 3 | 1 -> unsigned(a).setBit(shift).longValue();
      default -> null;
    };
  }

  private static BigInteger carryless(long a, long b) {
    BigInteger sum = BigInteger.ZERO;
    for (int i = 0; i < 64; i++) {
      if ((b >>> i & 1) != 0) {
        sum = sum.xor(unsigned(a).shiftLeft(i));
      }
    }
    return sum;
  }

  private static long rotateRight(long value, int count, int width) {
    BigInteger low = unsigned(value).and(BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE));
    BigInteger twice = low.shiftLeft(width).or(low).shiftRight(count % width);
    return width == 32 ? twice.intValue() : twice.longValue();
  }

  /// Major opcode OP-32.
  static Long opWord(int funct7, int funct3, int rs2, long a, long b) {
    int x = (int) a;
    int y = (int) b;
    int shift = y & 31;
    long unsignedWord = a & 0xffff_ffffL;
    BigInteger ux = unsigned(unsignedWord);
    BigInteger uy = unsigned(b & 0xffff_ffffL);
    return switch (funct7 << 3 | funct3) {
      case 0x00 << 3 | 0 -> (long) (x + y);
      case 0x20 << 3 | 0 -> (long) (x - y);
      case 0x00 << 3 | 1 -> (long) (x << shift);
      case 0x00 << 3 | 5 -> (long) (x >>> shift);
      case 0x20 << 3 | 5 -> (long) (x >> shift);
      case 0x01 << 3 | 0 -> (long) signed(x).multiply(signed(y)).intValue();
      case 0x01 << 3 | 4 -> y == 0 ? -1L : signed(x).divide(signed(y)).intValue();
      case 0x01 << 3 | 5 -> y == 0 ? -1L : ux.divide(uy).intValue();
      case 0x01 << 3 | 6 -> y == 0 ? x : (long) signed(x).remainder(signed(y)).intValue();
      case 0x01 << 3 | 7 -> y == 0 ? x : (long) ux.remainder(uy).intValue();
      case 0x04 << 3 | 0 -> unsignedWord + b;
      case 0x04 << 3 | 4 -> rs2 == 0 ? (Long) (a & 0xffffL) : null;
      case 0x10 << 3 | 2 -> unsignedWord * 2 + b;
      case 0x10 << 3 | 4 -> unsignedWord * 4 + b;
      case 0x10 << 3 | 6 -> unsignedWord * 8 + b;
      case 0x30 << 3 | 1 -> rotateRight(a, 32 - shift, 32);
      case 0x30 << 3 | 5 -> rotateRight(a, shift, 32);
      default -> null;
    };
  }

  /// Major opcode OP-IMM; `imm` is the sign-extended 12-bit field.
  static Long opImmediate(int funct3, int imm, long a) {
    int shift = imm & 63;
    return switch (funct3) {
      case 0 -> a + imm;
      case 2 -> bool(a < imm);
      case 3 -> bool(unsigned(a).compareTo(unsigned(imm)) < 0);
      case 4 -> a ^ imm;
      case 6 -> a | imm;
      case 7 -> a & imm;
      case 1 ->
          switch (imm >> 6 & 63) {
            case 0b000000 -> a << shift;
            case 0b001010 -> unsigned(a).setBit(shift).longValue();
            case 0b010010 -> unsigned(a).clearBit(shift).longValue();
            case 0b011010 -> unsigned(a).flipBit(shift).longValue();
            case 0b011000 -> unary(imm & 63, a);
            default -> null;
          };
      default ->
          switch (imm >> 6 & 63) {
            case 0b000000 -> a >>> shift;
            case 0b010000 -> a >> shift;
            case 0b010010 -> bool(unsigned(a).testBit(shift));
            case 0b011000 -> rotateRight(a, shift, 64);
            default -> bytes(imm & 0xfff, a);
          };
    };
  }

  private static Long unary(int selector, long a) {
    return switch (selector) {
      case 0 -> 64L - unsigned(a).bitLength();
      case 1 -> a == 0 ? 64L : unsigned(a).getLowestSetBit();
      case 2 -> (long) unsigned(a).bitCount();
      case 4 -> (long) (byte) a;
      case 5 -> (long) (short) a;
      default -> null;
    };
  }

  private static Long bytes(int imm, long a) {
    long result = 0;
    for (int i = 0; i < 8; i++) {
      long one = a >>> (8 * i) & 255;
      result |= imm == 0x287 ? (one != 0 ? 255L : 0) << (8 * i) : one << (56 - 8 * i);
    }
    return imm == 0x287 || imm == 0x6b8 ? (Long) result : null;
  }

  /// Major opcode OP-IMM-32.
  static Long opImmediateWord(int funct3, int imm, long a) {
    int x = (int) a;
    int shift = imm & 31;
    long unsignedWord = a & 0xffff_ffffL;
    if (funct3 == 0) {
      return (long) (x + imm);
    }
    if (funct3 == 1 && (imm >> 6 & 63) == 0b000010) {
      return unsignedWord << (imm & 63);
    }
    return switch ((imm >> 5 & 127) << 3 | funct3) {
      case 0x00 << 3 | 1 -> (long) (x << shift);
      case 0x00 << 3 | 5 -> (long) (x >>> shift);
      case 0x20 << 3 | 5 -> (long) (x >> shift);
      case 0x30 << 3 | 5 -> rotateRight(a, shift, 32);
      case 0x30 << 3 | 1 ->
          switch (shift) {
            case 0 -> 32L - unsigned(unsignedWord).bitLength();
            case 1 -> unsignedWord == 0 ? 32L : unsigned(unsignedWord).getLowestSetBit();
            case 2 -> (long) unsigned(unsignedWord).bitCount();
            default -> null;
          };
      default -> null;
    };
  }

  /// Read-modify-write of an AMO with operands of its width, sign-extended.
  static Long atomic(int funct5, int width, long memory, long register) {
    BigInteger m = width == 4 ? unsigned(memory & 0xffff_ffffL) : unsigned(memory);
    BigInteger r = width == 4 ? unsigned(register & 0xffff_ffffL) : unsigned(register);
    return switch (funct5) {
      case 0b00001 -> register;
      case 0b00000 -> memory + register;
      case 0b00100 -> memory ^ register;
      case 0b01100 -> memory & register;
      case 0b01000 -> memory | register;
      case 0b10000 -> Math.min(memory, register);
      case 0b10100 -> Math.max(memory, register);
      case 0b11000 -> m.min(r).longValue();
      case 0b11100 -> m.max(r).longValue();
      default -> null;
    };
  }
}
