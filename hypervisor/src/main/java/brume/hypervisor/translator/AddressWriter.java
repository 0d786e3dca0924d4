package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan.Operation;
import java.lang.classfile.CodeBuilder;

/// Zba and Zbs: RISC-V unprivileged §30.1 and §30.4.
final class AddressWriter {
  private static final long WORD = 0xffff_ffffL;

  private AddressWriter() {}

  static void write(RegionWriter to, Operation operation) {
    if (operation.rd() == 0) {
      return;
    }
    to.get(operation.rs1());
    switch (operation.encoding()) {
      case ADD_UW -> addShifted(to, operation, true, 0);
      case SH1ADD -> addShifted(to, operation, false, 1);
      case SH2ADD -> addShifted(to, operation, false, 2);
      case SH3ADD -> addShifted(to, operation, false, 3);
      case SH1ADD_UW -> addShifted(to, operation, true, 1);
      case SH2ADD_UW -> addShifted(to, operation, true, 2);
      case SH3ADD_UW -> addShifted(to, operation, true, 3);
      case SLLI_UW -> to.code.loadConstant(WORD).land().loadConstant(operation.shift6()).lshl();
      default -> bit(to, operation);
    }
    to.set(operation.rd());
  }

  private static void addShifted(RegionWriter to, Operation operation, boolean word, int shift) {
    if (word) {
      to.code.loadConstant(WORD).land();
    }
    if (shift != 0) {
      to.code.loadConstant(shift).lshl();
    }
    to.get(operation.rs2());
    to.code.ladd();
  }

  private static void bit(RegionWriter to, Operation operation) {
    CodeBuilder code = to.code;
    switch (operation.encoding()) {
      case BEXT, BEXTI -> {
        place(to, operation);
        code.lushr().lconst_1().land();
      }
      case BCLR, BCLRI -> {
        mask(to, operation);
        code.loadConstant(-1L).lxor().land();
      }
      case BINV, BINVI -> {
        mask(to, operation);
        code.lxor();
      }
      case BSET, BSETI -> {
        mask(to, operation);
        code.lor();
      }
      default -> throw new AssertionError(operation);
    }
  }

  private static void mask(RegionWriter to, Operation operation) {
    to.code.lconst_1();
    place(to, operation);
    to.code.lshl();
  }

  private static void place(RegionWriter to, Operation operation) {
    switch (operation.encoding()) {
      case BEXTI, BCLRI, BINVI, BSETI -> to.code.loadConstant(operation.shift6());
      default -> {
        to.get(operation.rs2());
        to.code.l2i();
      }
    }
  }
}
