package brume.hypervisor.translator;

import static brume.hypervisor.translator.InstructionWriter.rd;
import static brume.hypervisor.translator.InstructionWriter.rs1;
import static brume.hypervisor.translator.InstructionWriter.rs2;
import static brume.hypervisor.translator.InstructionWriter.shift6;

import brume.hypervisor.cpu.RegionPlan.Operation;
import java.lang.classfile.CodeBuilder;

/// Zba and Zbs: RISC-V unprivileged §30.1 and §30.4.
final class AddressWriter {
  private static final long WORD = 0xffff_ffffL;

  private AddressWriter() {}

  static void write(RegionWriter to, Operation operation) {
    if (rd(operation) == 0) {
      return;
    }
    to.get(rs1(operation));
    switch (operation.encoding()) {
      case ADD_UW -> addShifted(to, operation, true, 0);
      case SH1ADD -> addShifted(to, operation, false, 1);
      case SH2ADD -> addShifted(to, operation, false, 2);
      case SH3ADD -> addShifted(to, operation, false, 3);
      case SH1ADD_UW -> addShifted(to, operation, true, 1);
      case SH2ADD_UW -> addShifted(to, operation, true, 2);
      case SH3ADD_UW -> addShifted(to, operation, true, 3);
      case SLLI_UW -> to.code.loadConstant(WORD).land().loadConstant(shift6(operation)).lshl();
      default -> bit(to, operation);
    }
    to.set(rd(operation));
  }

  private static void addShifted(RegionWriter to, Operation operation, boolean word, int shift) {
    if (word) {
      to.code.loadConstant(WORD).land();
    }
    if (shift != 0) {
      to.code.loadConstant(shift).lshl();
    }
    to.get(rs2(operation));
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
      case BEXTI, BCLRI, BINVI, BSETI -> to.code.loadConstant(shift6(operation));
      default -> {
        to.get(rs2(operation));
        to.code.l2i();
      }
    }
  }
}
