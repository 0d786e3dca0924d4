package brume.hypervisor.cpu;

import brume.hypervisor.cpu.FloatMoves.FloatOperands;
import brume.hypervisor.cpu.FloatMoves.ToInteger;
import brume.hypervisor.cpu.fp.Float64;

/// Arithmetic and comparison in double precision: RISC-V unprivileged §21.
final class DoubleArithmetic {
  private DoubleArithmetic() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case FADD_D -> new FaddD(bits, raw);
      case FSUB_D -> new FsubD(bits, raw);
      case FMUL_D -> new FmulD(bits, raw);
      case FDIV_D -> new FdivD(bits, raw);
      case FSQRT_D -> new FsqrtD(bits, raw);
      case FMADD_D -> new FmaddD(bits, raw);
      case FMSUB_D -> new FmsubD(bits, raw);
      case FNMSUB_D -> new FnmsubD(bits, raw);
      case FNMADD_D -> new FnmaddD(bits, raw);
      case FSGNJ_D -> new FsgnjD(bits, raw);
      case FSGNJN_D -> new FsgnjnD(bits, raw);
      case FSGNJX_D -> new FsgnjxD(bits, raw);
      case FMIN_D -> new FminD(bits, raw);
      case FMAX_D -> new FmaxD(bits, raw);
      case FLE_D -> new FleD(bits, raw);
      case FLT_D -> new FltD(bits, raw);
      case FEQ_D -> new FeqD(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  static final class FaddD extends FloatOperands {
    FaddD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.add(h.f(rs1), h.f(rs2), mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsubD extends FloatOperands {
    FsubD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.sub(h.f(rs1), h.f(rs2), mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FmulD extends FloatOperands {
    FmulD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.mul(h.f(rs1), h.f(rs2), mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FdivD extends FloatOperands {
    FdivD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.div(h.f(rs1), h.f(rs2), mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsqrtD extends FloatOperands {
    FsqrtD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.sqrt(h.f(rs1), mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FmaddD extends FloatOperands {
    FmaddD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.fma(h.f(rs1), h.f(rs2), h.f(rs3), mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FmsubD extends FloatOperands {
    FmsubD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(
          rd,
          Float64.fma(h.f(rs1), h.f(rs2), h.f(rs3) ^ Long.MIN_VALUE, mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FnmsubD extends FloatOperands {
    FnmsubD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(
          rd,
          Float64.fma(h.f(rs1) ^ Long.MIN_VALUE, h.f(rs2), h.f(rs3), mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FnmaddD extends FloatOperands {
    FnmaddD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(
          rd,
          Float64.fma(
              h.f(rs1) ^ Long.MIN_VALUE,
              h.f(rs2),
              h.f(rs3) ^ Long.MIN_VALUE,
              mode,
              h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsgnjD extends FloatOperands {
    FsgnjD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(rd, Float64.copySign(h.f(rs1), h.f(rs2)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsgnjnD extends FloatOperands {
    FsgnjnD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(rd, Float64.copySignNegated(h.f(rs1), h.f(rs2)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsgnjxD extends FloatOperands {
    FsgnjxD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(rd, Float64.multiplySigns(h.f(rs1), h.f(rs2)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FminD extends FloatOperands {
    FminD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(rd, Float64.min(h.f(rs1), h.f(rs2), h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FmaxD extends FloatOperands {
    FmaxD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(rd, Float64.max(h.f(rs1), h.f(rs2), h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FleD extends ToInteger {
    FleD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.set(rd, Float64.lessOrEqual(h.f(rs1), h.f(rs2), h.csrs.floats.flags) ? 1 : 0);
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FltD extends ToInteger {
    FltD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.set(rd, Float64.less(h.f(rs1), h.f(rs2), h.csrs.floats.flags) ? 1 : 0);
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FeqD extends ToInteger {
    FeqD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.set(rd, Float64.equal(h.f(rs1), h.f(rs2), h.csrs.floats.flags) ? 1 : 0);
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }
}
