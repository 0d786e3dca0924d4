package brume.hypervisor.translator;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedFloats;

/// Conversions and moves of F and D: RISC-V unprivileged §20.7, §21.5.
final class ConversionWriter {
  private ConversionWriter() {}

  static void write(RegionWriter to, Operation operation) {
    switch (operation.encoding()) {
      case FMV_X_D -> {
        to.getFloat(operation.rs1());
        to.call(Double.class, "doubleToRawLongBits", "(D)J");
        to.set(operation.rd());
      }
      case FMV_X_W -> {
        to.getFloat(operation.rs1());
        to.call(Double.class, "doubleToRawLongBits", "(D)J");
        to.code.l2i().i2l();
        to.set(operation.rd());
      }
      case FMV_D_X -> {
        to.get(operation.rs1());
        to.call(Double.class, "longBitsToDouble", "(J)D");
        to.setFloat(operation.rd());
      }
      case FMV_W_X -> {
        to.get(operation.rs1());
        to.code.loadConstant(0xffff_ffff_0000_0000L).lor();
        to.call(Double.class, "longBitsToDouble", "(J)D");
        to.setFloat(operation.rd());
      }
      default -> convert(to, operation);
    }
  }

  private static void convert(RegionWriter to, Operation operation) {
    String name = operation.encoding().name();
    String helper = name.substring(1).toLowerCase(java.util.Locale.ROOT).replace("_", "");
    to.mayRetreat(operation);
    switch (operation.encoding().operands()) {
      case FLOAT_TO_INTEGER -> toInteger(to, operation);
      case INTEGER_TO_FLOAT -> {
        if (helper.endsWith("lu")) {
          to.get(operation.rs1()); // The host has no unsigned numbers: negative is doubtful.
          to.doubt();
        }
        to.get(operation.rs1());
        to.call(TranslatedFloats.class, helper, "(J)D");
        to.setFloat(operation.rd());
      }
      default -> {
        to.getFloat(operation.rs1());
        to.call(TranslatedFloats.class, helper + "Doubt", "(D)J");
        to.doubt();
        to.getFloat(operation.rs1());
        to.call(TranslatedFloats.class, helper, "(D)D");
        to.setFloat(operation.rd());
      }
    }
  }

  private static void toInteger(RegionWriter to, Operation operation) {
    to.getFloat(operation.rs1());
    if (operation.encoding().mnemonic().endsWith(".s")) {
      to.code.dup2();
      to.call(TranslatedFloats.class, "unboxedDoubt", "(D)J");
      to.doubt();
      to.call(TranslatedFloats.class, "widened", "(D)D");
    }
    if ((operation.bits() >>> 12 & 7) != 1) { // not toward zero, so to nearest
      to.call(Math.class, "rint", "(D)D");
    }
    to.code.dup2();
    to.call(TranslatedFloats.class, toInteger(operation.encoding()) + "Doubt", "(D)J");
    to.doubt();
    to.call(TranslatedFloats.class, toInteger(operation.encoding()), "(D)J");
    to.set(operation.rd());
  }

  private static String toInteger(Encoding encoding) {
    return switch (encoding) {
      case FCVT_W_S, FCVT_W_D -> "toWord";
      case FCVT_WU_S, FCVT_WU_D -> "toUnsignedWord";
      case FCVT_L_S, FCVT_L_D -> "toLong";
      case FCVT_LU_S, FCVT_LU_D -> "toUnsignedLong";
      default -> throw new AssertionError(encoding);
    };
  }
}
