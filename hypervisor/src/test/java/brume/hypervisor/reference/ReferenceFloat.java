package brume.hypervisor.reference;

import brume.hypervisor.reference.FpOracle.Result;
import java.math.BigInteger;

/// F and D instructions of the reference hart by raw encoding, on [FpOracle].
final class ReferenceFloat {
  private final ReferenceHart hart;

  ReferenceFloat(ReferenceHart hart) {
    this.hart = hart;
  }

  private long source(int register, boolean isDouble) {
    long raw = hart.f[register];
    if (isDouble) {
      return raw;
    }
    return raw >>> 32 == 0xffff_ffffL ? raw & 0xffff_ffffL : FpOracle.SINGLE.canonicalNan();
  }

  private void toFloat(int rd, boolean isDouble, Result result) {
    hart.f[rd] = isDouble ? result.bits() : result.bits() | 0xffff_ffff_0000_0000L;
    hart.csrs.setStatus(ReferenceCsrs.FS, 3);
    raise(result);
  }

  private void toInteger(int rd, Result result) {
    hart.setX(rd, result.bits());
    raise(result);
  }

  private void raise(Result result) {
    if ((result.flags() & ~hart.csrs.fcsr) != 0) {
      hart.csrs.fcsr |= result.flags();
      hart.csrs.setStatus(ReferenceCsrs.FS, 3);
    }
  }

  private static FpOracle format(boolean isDouble) {
    return isDouble ? FpOracle.DOUBLE : FpOracle.SINGLE;
  }

  /// The static or dynamic rounding mode, which must be one.
  private int mode(int rm) {
    int mode = rm == 7 ? hart.csrs.fcsr >> 5 : rm;
    if (mode > 4) {
      throw hart.illegal();
    }
    return mode;
  }

  void requireOn() {
    if (hart.csrs.status(ReferenceCsrs.FS) == 0) {
      throw hart.illegal();
    }
  }

  /// Major opcodes MADD, MSUB, NMSUB, NMADD.
  void fused(int insn) {
    requireOn();
    if ((insn >> 25 & 3) > 1) {
      throw hart.illegal();
    }
    boolean isDouble = (insn >> 25 & 1) != 0;
    long sign = isDouble ? Long.MIN_VALUE : 0x8000_0000L;
    int mode = mode(insn >> 12 & 7);
    long a = source(insn >> 15 & 31, isDouble);
    long b = source(insn >> 20 & 31, isDouble);
    long c = source(insn >>> 27, isDouble);
    int kind = insn & 0x7f;
    boolean negateProduct = kind == 0x4b || kind == 0x4f;
    boolean negateAddend = kind == 0x47 || kind == 0x4f;
    Result result =
        format(isDouble).fma(negateProduct ? a ^ sign : a, b, negateAddend ? c ^ sign : c, mode);
    toFloat(insn >> 7 & 31, isDouble, result);
  }

  /// Major opcode OP-FP.
  void operate(int insn) {
    requireOn();
    int kind = insn >>> 27;
    int fmt = insn >> 25 & 3;
    int rd = insn >> 7 & 31;
    int rs2 = insn >> 20 & 31;
    int rm = insn >> 12 & 7;
    if (fmt > 1) {
      throw hart.illegal();
    }
    boolean isDouble = fmt == 1;
    FpOracle format = format(isDouble);
    long a = source(insn >> 15 & 31, isDouble);
    long b = source(rs2, isDouble);
    switch (kind) {
      case 0b00000 -> toFloat(rd, isDouble, format.add(a, b, mode(rm)));
      case 0b00001 -> toFloat(rd, isDouble, format.sub(a, b, mode(rm)));
      case 0b00010 -> toFloat(rd, isDouble, format.mul(a, b, mode(rm)));
      case 0b00011 -> toFloat(rd, isDouble, format.div(a, b, mode(rm)));
      case 0b01011 -> {
        require(rs2 == 0);
        toFloat(rd, isDouble, format.sqrt(a, mode(rm)));
      }
      case 0b00100 -> toFloat(rd, isDouble, new Result(sign(a, b, rm, isDouble), 0));
      case 0b00101 -> {
        require(rm <= 1);
        toFloat(rd, isDouble, rm == 0 ? format.min(a, b) : format.max(a, b));
      }
      case 0b10100 -> {
        require(rm <= 2);
        toInteger(
            rd,
            switch (rm) {
              case 0 -> format.lessOrEqual(a, b);
              case 1 -> format.less(a, b);
              default -> format.equal(a, b);
            });
      }
      case 0b01000 -> {
        require(rs2 == (isDouble ? 0 : 1));
        long other = source(insn >> 15 & 31, !isDouble);
        toFloat(rd, isDouble, format(!isDouble).convert(other, format, mode(rm)));
      }
      case 0b11000 -> {
        require(rs2 <= 3);
        toInteger(rd, format.toInteger(a, rs2 < 2 ? 32 : 64, (rs2 & 1) == 0, mode(rm)));
      }
      case 0b11010 -> {
        require(rs2 <= 3);
        toFloat(rd, isDouble, format.fromInteger(integer(insn, rs2), mode(rm)));
      }
      case 0b11100 -> {
        require(rs2 == 0 && rm <= 1);
        long raw = hart.f[insn >> 15 & 31];
        long moved = isDouble ? raw : (int) raw;
        hart.setX(rd, rm == 0 ? moved : format.classify(a));
      }
      case 0b11110 -> {
        require(rs2 == 0 && rm == 0);
        long raw = hart.x(insn >> 15 & 31);
        toFloat(rd, isDouble, new Result(isDouble ? raw : raw & 0xffff_ffffL, 0));
      }
      default -> throw hart.illegal();
    }
  }

  private void require(boolean assigned) {
    if (!assigned) {
      throw hart.illegal();
    }
  }

  private long sign(long a, long b, int rm, boolean isDouble) {
    require(rm <= 2);
    long signBit = isDouble ? Long.MIN_VALUE : 0x8000_0000L;
    long sign =
        switch (rm) {
          case 0 -> b;
          case 1 -> ~b;
          default -> a ^ b;
        };
    return (a & ~signBit) | (sign & signBit);
  }

  private BigInteger integer(int insn, int rs2) {
    long value = hart.x(insn >> 15 & 31);
    return switch (rs2) {
      case 0 -> BigInteger.valueOf(value << 32 >> 32);
      case 1 -> BigInteger.valueOf(value & 0xffff_ffffL);
      case 2 -> BigInteger.valueOf(value);
      default -> new BigInteger(Long.toUnsignedString(value));
    };
  }
}
