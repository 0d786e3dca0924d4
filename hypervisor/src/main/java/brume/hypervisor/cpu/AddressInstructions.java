package brume.hypervisor.cpu;

/// Zba (shift and add) and Zbs (single bits): RISC-V unprivileged §28.
final class AddressInstructions {
  private AddressInstructions() {}

  private static final long WORD = 0xffff_ffffL;

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case ADD_UW -> new AddUw(bits, raw);
      case SH1ADD -> new Sh1add(bits, raw);
      case SH2ADD -> new Sh2add(bits, raw);
      case SH3ADD -> new Sh3add(bits, raw);
      case SH1ADD_UW -> new Sh1addUw(bits, raw);
      case SH2ADD_UW -> new Sh2addUw(bits, raw);
      case SH3ADD_UW -> new Sh3addUw(bits, raw);
      case SLLI_UW -> new SlliUw(bits, raw);
      case BCLR -> new Bclr(bits, raw);
      case BEXT -> new Bext(bits, raw);
      case BINV -> new Binv(bits, raw);
      case BSET -> new Bset(bits, raw);
      case BCLRI -> new Bclri(bits, raw);
      case BEXTI -> new Bexti(bits, raw);
      case BINVI -> new Binvi(bits, raw);
      case BSETI -> new Bseti(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  static final class AddUw extends IntegerInstructions.TwoRegisters {
    AddUw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (h.get(rs1) & WORD) + h.get(rs2));
      return next;
    }
  }

  static final class Sh1add extends IntegerInstructions.TwoRegisters {
    Sh1add(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (h.get(rs1) << 1) + h.get(rs2));
      return next;
    }
  }

  static final class Sh2add extends IntegerInstructions.TwoRegisters {
    Sh2add(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (h.get(rs1) << 2) + h.get(rs2));
      return next;
    }
  }

  static final class Sh3add extends IntegerInstructions.TwoRegisters {
    Sh3add(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (h.get(rs1) << 3) + h.get(rs2));
      return next;
    }
  }

  static final class Sh1addUw extends IntegerInstructions.TwoRegisters {
    Sh1addUw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, ((h.get(rs1) & WORD) << 1) + h.get(rs2));
      return next;
    }
  }

  static final class Sh2addUw extends IntegerInstructions.TwoRegisters {
    Sh2addUw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, ((h.get(rs1) & WORD) << 2) + h.get(rs2));
      return next;
    }
  }

  static final class Sh3addUw extends IntegerInstructions.TwoRegisters {
    Sh3addUw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, ((h.get(rs1) & WORD) << 3) + h.get(rs2));
      return next;
    }
  }

  static final class SlliUw extends IntegerInstructions.Immediate {
    SlliUw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (h.get(rs1) & WORD) << immediate);
      return next;
    }
  }

  static final class Bclr extends IntegerInstructions.TwoRegisters {
    Bclr(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) & ~(1L << h.get(rs2)));
      return next;
    }
  }

  static final class Bext extends IntegerInstructions.TwoRegisters {
    Bext(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (h.get(rs1) >>> h.get(rs2)) & 1);
      return next;
    }
  }

  static final class Binv extends IntegerInstructions.TwoRegisters {
    Binv(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) ^ (1L << h.get(rs2)));
      return next;
    }
  }

  static final class Bset extends IntegerInstructions.TwoRegisters {
    Bset(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) | (1L << h.get(rs2)));
      return next;
    }
  }

  static final class Bclri extends IntegerInstructions.Immediate {
    Bclri(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) & ~(1L << immediate));
      return next;
    }
  }

  static final class Bexti extends IntegerInstructions.Immediate {
    Bexti(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (h.get(rs1) >>> immediate) & 1);
      return next;
    }
  }

  static final class Binvi extends IntegerInstructions.Immediate {
    Binvi(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) ^ (1L << immediate));
      return next;
    }
  }

  static final class Bseti extends IntegerInstructions.Immediate {
    Bseti(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) | (1L << immediate));
      return next;
    }
  }
}
