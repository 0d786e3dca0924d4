package brume.hypervisor.cpu;

/// The M extension: RISC-V unprivileged §13.
final class MultiplyInstructions {
  private MultiplyInstructions() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case MUL -> new Mul(bits, raw);
      case MULH -> new Mulh(bits, raw);
      case MULHSU -> new Mulhsu(bits, raw);
      case MULHU -> new Mulhu(bits, raw);
      case DIV -> new Div(bits, raw);
      case DIVU -> new Divu(bits, raw);
      case REM -> new Rem(bits, raw);
      case REMU -> new Remu(bits, raw);
      case MULW -> new Mulw(bits, raw);
      case DIVW -> new Divw(bits, raw);
      case DIVUW -> new Divuw(bits, raw);
      case REMW -> new Remw(bits, raw);
      case REMUW -> new Remuw(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  /// §13.2: division by zero gives all ones; overflow gives the dividend, as in Java.
  private static long divide(long dividend, long divisor) {
    return divisor == 0 ? -1 : dividend / divisor;
  }

  private static long remainder(long dividend, long divisor) {
    return divisor == 0 ? dividend : dividend % divisor;
  }

  private static int divideWord(int dividend, int divisor) {
    return divisor == 0 ? -1 : dividend / divisor;
  }

  private static int remainderWord(int dividend, int divisor) {
    return divisor == 0 ? dividend : dividend % divisor;
  }

  static final class Mul extends IntegerInstructions.TwoRegisters {
    Mul(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) * h.get(rs2));
      return next;
    }
  }

  static final class Mulh extends IntegerInstructions.TwoRegisters {
    Mulh(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Math.multiplyHigh(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Mulhsu extends IntegerInstructions.TwoRegisters {
    Mulhsu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Math.multiplyHigh(h.get(rs1), h.get(rs2)) + (h.get(rs1) & (h.get(rs2) >> 63)));
      return next;
    }
  }

  static final class Mulhu extends IntegerInstructions.TwoRegisters {
    Mulhu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Math.unsignedMultiplyHigh(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Div extends IntegerInstructions.TwoRegisters {
    Div(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, divide(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Divu extends IntegerInstructions.TwoRegisters {
    Divu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs2) == 0 ? -1 : Long.divideUnsigned(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Rem extends IntegerInstructions.TwoRegisters {
    Rem(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, remainder(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Remu extends IntegerInstructions.TwoRegisters {
    Remu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs2) == 0 ? h.get(rs1) : Long.remainderUnsigned(h.get(rs1), h.get(rs2)));
      return next;
    }
  }

  static final class Mulw extends IntegerInstructions.TwoRegisters {
    Mulw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (int) h.get(rs1) * (int) h.get(rs2));
      return next;
    }
  }

  static final class Divw extends IntegerInstructions.TwoRegisters {
    Divw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, divideWord((int) h.get(rs1), (int) h.get(rs2)));
      return next;
    }
  }

  static final class Divuw extends IntegerInstructions.TwoRegisters {
    Divuw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(
          rd,
          (int) h.get(rs2) == 0 ? -1 : Integer.divideUnsigned((int) h.get(rs1), (int) h.get(rs2)));
      return next;
    }
  }

  static final class Remw extends IntegerInstructions.TwoRegisters {
    Remw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, remainderWord((int) h.get(rs1), (int) h.get(rs2)));
      return next;
    }
  }

  static final class Remuw extends IntegerInstructions.TwoRegisters {
    Remuw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(
          rd,
          (int) h.get(rs2) == 0
              ? (int) h.get(rs1)
              : Integer.remainderUnsigned((int) h.get(rs1), (int) h.get(rs2)));
      return next;
    }
  }
}
