package brume.hypervisor.cpu;

import brume.hypervisor.cpu.FloatMoves.FloatOperands;
import brume.hypervisor.cpu.FloatMoves.ToInteger;
import brume.hypervisor.cpu.fp.Float32;

/// Arithmetic and comparison in single precision: RISC-V unprivileged §20. Operands that are not
/// boxed as §21.2 says count as the canonical NaN.
final class FloatArithmetic {
  private FloatArithmetic() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case FADD_S -> new FaddS(bits, raw);
      case FSUB_S -> new FsubS(bits, raw);
      case FMUL_S -> new FmulS(bits, raw);
      case FDIV_S -> new FdivS(bits, raw);
      case FSQRT_S -> new FsqrtS(bits, raw);
      case FMADD_S -> new FmaddS(bits, raw);
      case FMSUB_S -> new FmsubS(bits, raw);
      case FNMSUB_S -> new FnmsubS(bits, raw);
      case FNMADD_S -> new FnmaddS(bits, raw);
      case FSGNJ_S -> new FsgnjS(bits, raw);
      case FSGNJN_S -> new FsgnjnS(bits, raw);
      case FSGNJX_S -> new FsgnjxS(bits, raw);
      case FMIN_S -> new FminS(bits, raw);
      case FMAX_S -> new FmaxS(bits, raw);
      case FLE_S -> new FleS(bits, raw);
      case FLT_S -> new FltS(bits, raw);
      case FEQ_S -> new FeqS(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  static final class FaddS extends FloatOperands {
    FaddS(int bits, int raw) {
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
          Float32.box(
              Float32.add(
                  Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsubS extends FloatOperands {
    FsubS(int bits, int raw) {
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
          Float32.box(
              Float32.sub(
                  Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FmulS extends FloatOperands {
    FmulS(int bits, int raw) {
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
          Float32.box(
              Float32.mul(
                  Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FdivS extends FloatOperands {
    FdivS(int bits, int raw) {
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
          Float32.box(
              Float32.div(
                  Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsqrtS extends FloatOperands {
    FsqrtS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float32.box(Float32.sqrt(Float32.unbox(h.f(rs1)), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FmaddS extends FloatOperands {
    FmaddS(int bits, int raw) {
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
          Float32.box(
              Float32.fma(
                  Float32.unbox(h.f(rs1)),
                  Float32.unbox(h.f(rs2)),
                  Float32.unbox(h.f(rs3)),
                  mode,
                  h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FmsubS extends FloatOperands {
    FmsubS(int bits, int raw) {
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
          Float32.box(
              Float32.fma(
                  Float32.unbox(h.f(rs1)),
                  Float32.unbox(h.f(rs2)),
                  Float32.unbox(h.f(rs3)) ^ Integer.MIN_VALUE,
                  mode,
                  h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FnmsubS extends FloatOperands {
    FnmsubS(int bits, int raw) {
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
          Float32.box(
              Float32.fma(
                  Float32.unbox(h.f(rs1)) ^ Integer.MIN_VALUE,
                  Float32.unbox(h.f(rs2)),
                  Float32.unbox(h.f(rs3)),
                  mode,
                  h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FnmaddS extends FloatOperands {
    FnmaddS(int bits, int raw) {
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
          Float32.box(
              Float32.fma(
                  Float32.unbox(h.f(rs1)) ^ Integer.MIN_VALUE,
                  Float32.unbox(h.f(rs2)),
                  Float32.unbox(h.f(rs3)) ^ Integer.MIN_VALUE,
                  mode,
                  h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsgnjS extends FloatOperands {
    FsgnjS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(rd, Float32.box(Float32.copySign(Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)))));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsgnjnS extends FloatOperands {
    FsgnjnS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(
          rd,
          Float32.box(Float32.copySignNegated(Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)))));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FsgnjxS extends FloatOperands {
    FsgnjxS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(
          rd, Float32.box(Float32.multiplySigns(Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)))));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FminS extends FloatOperands {
    FminS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(
          rd,
          Float32.box(
              Float32.min(Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)), h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FmaxS extends FloatOperands {
    FmaxS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(
          rd,
          Float32.box(
              Float32.max(Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)), h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FleS extends ToInteger {
    FleS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.set(
          rd,
          Float32.lessOrEqual(Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)), h.csrs.floats.flags)
              ? 1
              : 0);
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FltS extends ToInteger {
    FltS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.set(
          rd,
          Float32.less(Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)), h.csrs.floats.flags)
              ? 1
              : 0);
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FeqS extends ToInteger {
    FeqS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.set(
          rd,
          Float32.equal(Float32.unbox(h.f(rs1)), Float32.unbox(h.f(rs2)), h.csrs.floats.flags)
              ? 1
              : 0);
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }
}
