package brume.hypervisor.cpu;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Instructions as text, from the table of [Encoding]: the real instruction and not one of its
/// pseudo-names, a compressed one as what it expands to; jumps with the address they lead to.
public final class Disassembler {
  private static final String[] X = {
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4",
    "a5", "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4",
    "t5", "t6"
  };
  private static final String[] F = {
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2",
    "fa3", "fa4", "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9",
    "fs10", "fs11", "ft8", "ft9", "ft10", "ft11"
  };
  private static final String[] ROUNDING = {"rne", "rtz", "rdn", "rup", "rmm", "5", "6"};
  private static final int DYNAMIC = 7;
  private static final String[] ORDER = {"", ".rl", ".aq", ".aqrl"};

  private Disassembler() {}

  /// The calling convention's name of an integer register.
  public static String integerName(int register) {
    return X[register & 31];
  }

  public static String floatName(int register) {
    return F[register & 31];
  }

  /// 32 bits for an instruction fetched as 16 or 32; 0 for a reserved one of 16.
  public static int expand(int fetched) {
    return (fetched & 3) == 3 ? fetched : Compressed.expand(fetched & 0xffff);
  }

  /// The table's row for 32 bits, or null for none.
  public static @Nullable Encoding encoding(int bits) {
    return Decoder.encoding(bits);
  }

  /// `fetched`: 32 bits, or 16 where the lowest two are not both set. `pc`: where it stands.
  public static String text(int fetched, long pc) {
    int bits = expand(fetched);
    Encoding encoding = encoding(bits);
    if (encoding == null) {
      boolean wide = (fetched & 3) == 3;
      return String.format(Locale.ROOT, wide ? ".word 0x%08x" : ".half 0x%04x", fetched);
    }
    String operands = operands(encoding, bits, pc);
    String name = encoding.mnemonic() + suffix(encoding, bits);
    return operands.isEmpty() ? name : name + " " + operands;
  }

  private static String suffix(Encoding encoding, int bits) {
    return switch (encoding.operands()) {
      case LR, AMO -> ORDER[bits >>> 25 & 3];
      default -> "";
    };
  }

  private static String operands(Encoding encoding, int bits, long pc) {
    String rd = X[bits >>> 7 & 31];
    String rs1 = X[bits >>> 15 & 31];
    String rs2 = X[bits >>> 20 & 31];
    String fd = F[bits >>> 7 & 31];
    String fs1 = F[bits >>> 15 & 31];
    String fs2 = F[bits >>> 20 & 31];
    String rounding = rounding(encoding, bits >>> 12 & 7);
    return switch (encoding.operands()) {
      case NONE -> "";
      case R -> rd + "," + rs1 + "," + rs2;
      case I ->
          encoding == Encoding.JALR
              ? rd + "," + Instruction.immediateI(bits) + "(" + rs1 + ")"
              : rd + "," + rs1 + "," + Instruction.immediateI(bits);
      case LOAD -> rd + "," + Instruction.immediateI(bits) + "(" + rs1 + ")";
      case FLOAT_LOAD -> fd + "," + Instruction.immediateI(bits) + "(" + rs1 + ")";
      case S -> rs2 + "," + Instruction.immediateS(bits) + "(" + rs1 + ")";
      case FLOAT_STORE -> fs2 + "," + Instruction.immediateS(bits) + "(" + rs1 + ")";
      case B -> rs1 + "," + rs2 + "," + hex(pc + Instruction.immediateB(bits));
      case U -> rd + "," + hex(bits >>> 12);
      case J -> rd + "," + hex(pc + Instruction.immediateJ(bits));
      case SHIFT5 -> rd + "," + rs1 + "," + hex(bits >>> 20 & 31);
      case SHIFT6 -> rd + "," + rs1 + "," + hex(bits >>> 20 & 63);
      case UNARY -> rd + "," + rs1;
      case LR -> rd + ",(" + rs1 + ")";
      case AMO -> rd + "," + rs2 + ",(" + rs1 + ")";
      case FENCE -> sets(bits >>> 24 & 15) + "," + sets(bits >>> 20 & 15);
      case FENCE_VMA -> rs1 + "," + rs2;
      case CSR -> rd + "," + CsrNames.of(bits >>> 20) + "," + rs1;
      case CSR_IMMEDIATE -> rd + "," + CsrNames.of(bits >>> 20) + "," + (bits >>> 15 & 31);
      case CBO -> "(" + rs1 + ")";
      case R4 -> fd + "," + fs1 + "," + fs2 + "," + F[bits >>> 27] + rounding;
      case FLOAT -> fd + "," + fs1 + "," + fs2;
      case FLOAT_ROUNDED -> fd + "," + fs1 + "," + fs2 + rounding;
      case FLOAT_UNARY_ROUNDED -> fd + "," + fs1 + rounding;
      case FLOAT_COMPARE -> rd + "," + fs1 + "," + fs2;
      case FLOAT_TO_INTEGER -> rd + "," + fs1 + rounding;
      case INTEGER_TO_FLOAT -> fd + "," + rs1 + rounding;
      case FLOAT_MOVE_OUT -> rd + "," + fs1;
      case FLOAT_MOVE_IN -> fd + "," + rs1;
    };
  }

  /// Not said where it is the one in `fcsr`, nor for a conversion that never rounds.
  private static String rounding(Encoding encoding, int mode) {
    boolean exact =
        switch (encoding) {
          case FCVT_D_W, FCVT_D_WU, FCVT_D_S -> true;
          default -> false;
        };
    return mode == DYNAMIC || (exact && mode == 0) ? "" : "," + ROUNDING[mode];
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  /// What a fence orders: RISC-V unprivileged §2.7.
  private static String sets(int mask) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < 4; bit++) {
      if ((mask & 8 >>> bit) != 0) {
        text.append("iorw".charAt(bit));
      }
    }
    return text.isEmpty() ? "0" : text.toString();
  }
}
