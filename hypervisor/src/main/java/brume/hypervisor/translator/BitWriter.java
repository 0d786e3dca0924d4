package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan.Operation;
import java.lang.classfile.CodeBuilder;

/// Zbb: RISC-V unprivileged §30.2.
final class BitWriter {
  private BitWriter() {}

  static void write(RegionWriter to, Operation operation) {
    if (operation.rd() == 0) {
      return;
    }
    to.get(operation.rs1());
    switch (operation.encoding()) {
      case ANDN, ORN, XNOR -> negated(to, operation);
      case MAX, MAXU, MIN, MINU -> extreme(to, operation);
      case ROL, ROR, RORI, ROLW, RORW, RORIW -> rotate(to, operation);
      default -> unary(to, operation);
    }
    to.set(operation.rd());
  }

  private static void negated(RegionWriter to, Operation operation) {
    to.get(operation.rs2());
    CodeBuilder code = to.code.loadConstant(-1L).lxor();
    switch (operation.encoding()) {
      case ANDN -> code.land();
      case ORN -> code.lor();
      default -> code.lxor();
    }
  }

  private static void extreme(RegionWriter to, Operation operation) {
    to.get(operation.rs2());
    switch (operation.encoding()) {
      case MAX -> to.call(Math.class, "max", "(JJ)J");
      case MIN -> to.call(Math.class, "min", "(JJ)J");
      case MAXU -> to.call("maxUnsigned", "(JJ)J");
      default -> to.call("minUnsigned", "(JJ)J");
    }
  }

  private static void rotate(RegionWriter to, Operation operation) {
    boolean word =
        switch (operation.encoding()) {
          case ROLW, RORW, RORIW -> true;
          default -> false;
        };
    if (word) {
      to.code.l2i();
    }
    switch (operation.encoding()) {
      case RORI, RORIW -> to.code.loadConstant(operation.shift6());
      default -> {
        to.get(operation.rs2());
        to.code.l2i();
      }
    }
    boolean left =
        switch (operation.encoding()) {
          case ROL, ROLW -> true;
          default -> false;
        };
    String name = left ? "rotateLeft" : "rotateRight";
    if (word) {
      to.call(Integer.class, name, "(II)I");
      to.code.i2l();
    } else {
      to.call(Long.class, name, "(JI)J");
    }
  }

  private static void unary(RegionWriter to, Operation operation) {
    CodeBuilder code = to.code;
    switch (operation.encoding()) {
      case CLZ -> counted(to, Long.class, "numberOfLeadingZeros", "(J)I");
      case CTZ -> counted(to, Long.class, "numberOfTrailingZeros", "(J)I");
      case CPOP -> counted(to, Long.class, "bitCount", "(J)I");
      case CLZW -> countedWord(to, "numberOfLeadingZeros");
      case CTZW -> countedWord(to, "numberOfTrailingZeros");
      case CPOPW -> countedWord(to, "bitCount");
      case SEXT_B -> code.l2i().i2b().i2l();
      case SEXT_H -> code.l2i().i2s().i2l();
      case ZEXT_H -> code.l2i().i2c().i2l();
      case ORC_B -> to.call("orBytes", "(J)J");
      case REV8 -> to.call(Long.class, "reverseBytes", "(J)J");
      default -> throw new AssertionError(operation);
    }
  }

  private static void counted(RegionWriter to, Class<?> owner, String name, String type) {
    to.call(owner, name, type);
    to.code.i2l();
  }

  private static void countedWord(RegionWriter to, String name) {
    to.code.l2i();
    counted(to, Integer.class, name, "(I)I");
  }
}
