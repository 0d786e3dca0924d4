package brume.hypervisor.cpu;

/// Zbb and Zbc: RISC-V unprivileged §28.
final class BitInstructions {
  private BitInstructions() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case ANDN -> new Andn(bits, raw);
      case ORN -> new Orn(bits, raw);
      case XNOR -> new Xnor(bits, raw);
      case CLZ -> new Clz(bits, raw);
      case CLZW -> new Clzw(bits, raw);
      case CTZ -> new Ctz(bits, raw);
      case CTZW -> new Ctzw(bits, raw);
      case CPOP -> new Cpop(bits, raw);
      case CPOPW -> new Cpopw(bits, raw);
      case MAX -> new Max(bits, raw);
      case MAXU -> new Maxu(bits, raw);
      case MIN -> new Min(bits, raw);
      case MINU -> new Minu(bits, raw);
      case SEXT_B -> new SextB(bits, raw);
      case SEXT_H -> new SextH(bits, raw);
      case ZEXT_H -> new ZextH(bits, raw);
      case ROL -> new Rol(bits, raw);
      case ROLW -> new Rolw(bits, raw);
      case ROR -> new Ror(bits, raw);
      case RORW -> new Rorw(bits, raw);
      case RORI -> new Rori(bits, raw);
      case RORIW -> new Roriw(bits, raw);
      case ORC_B -> new OrcB(bits, raw);
      case REV8 -> new Rev8(bits, raw);
      case CLMUL -> new Clmul(bits, raw);
      case CLMULH -> new Clmulh(bits, raw);
      case CLMULR -> new Clmulr(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  static long orCombine(long value) {
    long any = value | ((value >>> 4) & 0x0f0f_0f0f_0f0f_0f0fL);
    any |= (any >>> 2) & 0x3f3f_3f3f_3f3f_3f3fL;
    any |= (any >>> 1) & 0x7f7f_7f7f_7f7f_7f7fL;
    return (any & 0x0101_0101_0101_0101L) * 0xff;
  }

  private static long carrylessLow(long one, long other) {
    long product = 0;
    for (long rest = other; rest != 0; rest &= rest - 1) {
      product ^= one << Long.numberOfTrailingZeros(rest);
    }
    return product;
  }

  private static long carrylessHigh(long one, long other) {
    long product = 0;
    for (long rest = other & ~1; rest != 0; rest &= rest - 1) {
      product ^= one >>> (64 - Long.numberOfTrailingZeros(rest));
    }
    return product;
  }

  static final class Andn extends IntegerInstructions.TwoRegisters {
    Andn(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) & ~h.get(rs2));
      return next;
    }
  }

  static final class Orn extends IntegerInstructions.TwoRegisters {
    Orn(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) | ~h.get(rs2));
      return next;
    }
  }

  static final class Xnor extends IntegerInstructions.TwoRegisters {
    Xnor(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) ^ ~h.get(rs2));
      return next;
    }
  }

  static final class Clz extends IntegerInstructions.Immediate {
    Clz(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.numberOfLeadingZeros(h.get(rs1)));
      return next;
    }
  }

  static final class Clzw extends IntegerInstructions.Immediate {
    Clzw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Integer.numberOfLeadingZeros((int) h.get(rs1)));
      return next;
    }
  }

  static final class Ctz extends IntegerInstructions.Immediate {
    Ctz(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.numberOfTrailingZeros(h.get(rs1)));
      return next;
    }
  }

  static final class Ctzw extends IntegerInstructions.Immediate {
    Ctzw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Integer.numberOfTrailingZeros((int) h.get(rs1)));
      return next;
    }
  }

  static final class Cpop extends IntegerInstructions.Immediate {
    Cpop(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.bitCount(h.get(rs1)));
      return next;
    }
  }

  static final class Cpopw extends IntegerInstructions.Immediate {
    Cpopw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Integer.bitCount((int) h.get(rs1)));
      return next;
    }
  }

  static final class Max extends IntegerInstructions.TwoRegisters {
    Max(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Math.max(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Maxu extends IntegerInstructions.TwoRegisters {
    Maxu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.compareUnsigned(h.get(rs1), h.get(rs2)) > 0 ? h.get(rs1) : h.get(rs2));
      return next;
    }
  }

  static final class Min extends IntegerInstructions.TwoRegisters {
    Min(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Math.min(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Minu extends IntegerInstructions.TwoRegisters {
    Minu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.compareUnsigned(h.get(rs1), h.get(rs2)) < 0 ? h.get(rs1) : h.get(rs2));
      return next;
    }
  }

  static final class SextB extends IntegerInstructions.Immediate {
    SextB(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (byte) h.get(rs1));
      return next;
    }
  }

  static final class SextH extends IntegerInstructions.Immediate {
    SextH(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (short) h.get(rs1));
      return next;
    }
  }

  static final class ZextH extends IntegerInstructions.Immediate {
    ZextH(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) & 0xffff);
      return next;
    }
  }

  static final class Rol extends IntegerInstructions.TwoRegisters {
    Rol(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.rotateLeft(h.get(rs1), (int) h.get(rs2)));
      return next;
    }
  }

  static final class Rolw extends IntegerInstructions.TwoRegisters {
    Rolw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Integer.rotateLeft((int) h.get(rs1), (int) h.get(rs2)));
      return next;
    }
  }

  static final class Ror extends IntegerInstructions.TwoRegisters {
    Ror(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.rotateRight(h.get(rs1), (int) h.get(rs2)));
      return next;
    }
  }

  static final class Rorw extends IntegerInstructions.TwoRegisters {
    Rorw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Integer.rotateRight((int) h.get(rs1), (int) h.get(rs2)));
      return next;
    }
  }

  static final class Rori extends IntegerInstructions.Immediate {
    Rori(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.rotateRight(h.get(rs1), immediate));
      return next;
    }
  }

  static final class Roriw extends IntegerInstructions.Immediate {
    Roriw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Integer.rotateRight((int) h.get(rs1), immediate));
      return next;
    }
  }

  static final class OrcB extends IntegerInstructions.Immediate {
    OrcB(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, orCombine(h.get(rs1)));
      return next;
    }
  }

  static final class Rev8 extends IntegerInstructions.Immediate {
    Rev8(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.reverseBytes(h.get(rs1)));
      return next;
    }
  }

  static final class Clmul extends IntegerInstructions.TwoRegisters {
    Clmul(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, carrylessLow(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Clmulh extends IntegerInstructions.TwoRegisters {
    Clmulh(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, carrylessHigh(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Clmulr extends IntegerInstructions.TwoRegisters {
    Clmulr(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(
          rd,
          (carrylessHigh(h.get(rs1), h.get(rs2)) << 1)
              | (carrylessLow(h.get(rs1), h.get(rs2)) >>> 63));
      return next;
    }
  }
}
