package brume.hypervisor.cpu;

import brume.hypervisor.cpu.fp.Float32;
import brume.hypervisor.cpu.fp.Float64;

/// Conversions, moves and classification of F and D: RISC-V unprivileged §20.7, §20.9, §21.5,
/// §21.7.
final class FloatMoves {
  private FloatMoves() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case FCVT_W_S -> new FcvtWS(bits, raw);
      case FCVT_WU_S -> new FcvtWuS(bits, raw);
      case FCVT_L_S -> new FcvtLS(bits, raw);
      case FCVT_LU_S -> new FcvtLuS(bits, raw);
      case FCVT_S_W -> new FcvtSW(bits, raw);
      case FCVT_S_WU -> new FcvtSWu(bits, raw);
      case FCVT_S_L -> new FcvtSL(bits, raw);
      case FCVT_S_LU -> new FcvtSLu(bits, raw);
      case FCLASS_S -> new FclassS(bits, raw);
      case FCVT_W_D -> new FcvtWD(bits, raw);
      case FCVT_WU_D -> new FcvtWuD(bits, raw);
      case FCVT_L_D -> new FcvtLD(bits, raw);
      case FCVT_LU_D -> new FcvtLuD(bits, raw);
      case FCVT_D_W -> new FcvtDW(bits, raw);
      case FCVT_D_WU -> new FcvtDWu(bits, raw);
      case FCVT_D_L -> new FcvtDL(bits, raw);
      case FCVT_D_LU -> new FcvtDLu(bits, raw);
      case FCLASS_D -> new FclassD(bits, raw);
      case FMV_X_W -> new FmvXW(bits, raw);
      case FMV_X_D -> new FmvXD(bits, raw);
      case FMV_W_X -> new FmvWX(bits, raw);
      case FMV_D_X -> new FmvDX(bits, raw);
      case FCVT_S_D -> new FcvtSD(bits, raw);
      case FCVT_D_S -> new FcvtDS(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  /// Registers and rounding mode, wherever they are used: `rs3` by the fused ones only.
  abstract static class FloatOperands extends Instruction {
    final byte rd;
    final byte rs1;
    final byte rs2;
    final byte rs3;
    final byte rm;

    FloatOperands(int bits, int raw) {
      super(raw);
      rd = (byte) (bits >>> 7 & 31);
      rs1 = (byte) rs1(bits);
      rs2 = (byte) rs2(bits);
      rs3 = (byte) (bits >>> 27);
      rm = (byte) (bits >>> 12 & 7);
    }
  }

  /// Those whose result goes into an integer register.
  abstract static class ToInteger extends Instruction {
    final byte rd;
    final byte rs1;
    final byte rs2;
    final byte rm;

    ToInteger(int bits, int raw) {
      super(raw);
      rd = (byte) rd(bits);
      rs1 = (byte) rs1(bits);
      rs2 = (byte) rs2(bits);
      rm = (byte) (bits >>> 12 & 7);
    }
  }

  static final class FcvtWS extends ToInteger {
    FcvtWS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.set(rd, Float32.toInt32(Float32.unbox(h.f(rs1)), mode, h.csrs.floats.flags));
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FcvtWuS extends ToInteger {
    FcvtWuS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.set(rd, Float32.toUnsignedInt32(Float32.unbox(h.f(rs1)), mode, h.csrs.floats.flags));
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FcvtLS extends ToInteger {
    FcvtLS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.set(rd, Float32.toInt64(Float32.unbox(h.f(rs1)), mode, h.csrs.floats.flags));
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FcvtLuS extends ToInteger {
    FcvtLuS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.set(rd, Float32.toUnsignedInt64(Float32.unbox(h.f(rs1)), mode, h.csrs.floats.flags));
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FcvtSW extends FloatOperands {
    FcvtSW(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float32.box(Float32.fromInt32((int) h.x(rs1), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FcvtSWu extends FloatOperands {
    FcvtSWu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float32.box(Float32.fromUnsignedInt32((int) h.x(rs1), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FcvtSL extends FloatOperands {
    FcvtSL(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float32.box(Float32.fromInt64(h.x(rs1), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FcvtSLu extends FloatOperands {
    FcvtSLu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float32.box(Float32.fromUnsignedInt64(h.x(rs1), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FclassS extends ToInteger {
    FclassS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.set(rd, Float32.classify(Float32.unbox(h.f(rs1))));
      return next;
    }
  }

  static final class FcvtWD extends ToInteger {
    FcvtWD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.set(rd, Float64.toInt32(h.f(rs1), mode, h.csrs.floats.flags));
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FcvtWuD extends ToInteger {
    FcvtWuD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.set(rd, Float64.toUnsignedInt32(h.f(rs1), mode, h.csrs.floats.flags));
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FcvtLD extends ToInteger {
    FcvtLD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.set(rd, Float64.toInt64(h.f(rs1), mode, h.csrs.floats.flags));
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FcvtLuD extends ToInteger {
    FcvtLuD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.set(rd, Float64.toUnsignedInt64(h.f(rs1), mode, h.csrs.floats.flags));
      h.csrs.floats.dirtyIfRaised();
      return next;
    }
  }

  static final class FcvtDW extends FloatOperands {
    FcvtDW(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.mode(rm) < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.fromInt32((int) h.x(rs1)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FcvtDWu extends FloatOperands {
    FcvtDWu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.mode(rm) < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.fromUnsignedInt32((int) h.x(rs1)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FcvtDL extends FloatOperands {
    FcvtDL(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.fromInt64(h.x(rs1), mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FcvtDLu extends FloatOperands {
    FcvtDLu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float64.fromUnsignedInt64(h.x(rs1), mode, h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FclassD extends ToInteger {
    FclassD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.set(rd, Float64.classify(h.f(rs1)));
      return next;
    }
  }

  static final class FmvXW extends ToInteger {
    FmvXW(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      int low = (int) h.f(rs1);
      h.set(rd, low);
      return next;
    }
  }

  static final class FmvXD extends ToInteger {
    FmvXD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.set(rd, h.f(rs1));
      return next;
    }
  }

  static final class FmvWX extends FloatOperands {
    FmvWX(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(rd, Float32.box((int) h.x(rs1)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FmvDX extends FloatOperands {
    FmvDX(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      h.setF(rd, h.x(rs1));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FcvtSD extends FloatOperands {
    FcvtSD(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      int mode = h.csrs.floats.mode(rm);
      if (mode < 0) {
        return illegal(h);
      }
      h.setF(rd, Float32.box(Float64.toFloat32(h.f(rs1), mode, h.csrs.floats.flags)));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class FcvtDS extends FloatOperands {
    FcvtDS(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.mode(rm) < 0) {
        return illegal(h);
      }
      h.setF(rd, Float32.toFloat64(Float32.unbox(h.f(rs1)), h.csrs.floats.flags));
      h.csrs.floats.dirty();
      return next;
    }
  }
}
