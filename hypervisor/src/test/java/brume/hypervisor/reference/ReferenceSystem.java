package brume.hypervisor.reference;

/// Fences, cache-block operations and the SYSTEM opcode of the reference hart.
final class ReferenceSystem {
  private final ReferenceHart hart;

  ReferenceSystem(ReferenceHart hart) {
    this.hart = hart;
  }

  private void require(boolean allowed) {
    if (!allowed) {
      throw hart.illegal();
    }
  }

  /// Major opcode MISC-MEM.
  void memoryOrder(int insn, long address) {
    int funct3 = insn >> 12 & 7;
    if (funct3 <= 1) {
      if (funct3 == 1) {
        hart.memory.fenceCode();
      }
      return;
    }
    require(funct3 == 2 && (insn >> 7 & 31) == 0);
    switch (insn >>> 20) {
      case 0 -> require(hart.csrs.environmentField(4, 2) != 0);
      case 1, 2 -> require(hart.csrs.environmentField(6, 1) != 0);
      case 4 -> {
        require(hart.csrs.environmentField(7, 1) != 0);
        zeroBlock(address);
        return;
      }
      default -> throw hart.illegal();
    }
    hart.checkBlock(address);
  }

  private void zeroBlock(long address) {
    hart.checkBlockWrite(address);
    for (int i = 0; i < 64; i += 8) {
      hart.store((address & -64) + i, 8, 0);
    }
  }

  void execute(int insn) {
    int funct3 = insn >> 12 & 7;
    if (funct3 == 4) {
      throw hart.illegal();
    }
    if (funct3 != 0) {
      csr(insn, funct3);
      return;
    }
    ReferenceCsrs csrs = hart.csrs;
    boolean fencing = insn >>> 25 == 0x09 || insn >>> 25 == 0x0b;
    if (fencing && (insn >> 7 & 31) == 0) {
      require(csrs.privilege == 3 || (csrs.privilege == 1 && csrs.status(ReferenceCsrs.TVM) == 0));
      if (insn == Rv.SFENCE_VMA) {
        hart.memory.fenceTables();
      }
      return;
    }
    switch (insn) {
      case 0x0000_0073 -> throw new ReferenceTrap(ReferenceTrap.CALL_FROM_U + csrs.privilege, 0);
      case 0x0010_0073 -> throw new ReferenceTrap(ReferenceTrap.BREAKPOINT, hart.pc);
      case 0x1020_0073 -> {
        require(
            csrs.privilege == 3 || (csrs.privilege == 1 && csrs.status(ReferenceCsrs.TSR) == 0));
        int to = csrs.status(ReferenceCsrs.SPP);
        csrs.setStatus(ReferenceCsrs.SIE, csrs.status(ReferenceCsrs.SPIE));
        csrs.setStatus(ReferenceCsrs.SPIE, 1);
        csrs.setStatus(ReferenceCsrs.SPP, 0);
        csrs.setStatus(ReferenceCsrs.MPRV, 0);
        csrs.privilege = to;
        hart.trapTo(csrs.sepc);
      }
      case 0x3020_0073 -> {
        require(csrs.privilege == 3);
        int to = csrs.status(ReferenceCsrs.MPP);
        csrs.setStatus(ReferenceCsrs.MIE, csrs.status(ReferenceCsrs.MPIE));
        csrs.setStatus(ReferenceCsrs.MPIE, 1);
        csrs.setStatus(ReferenceCsrs.MPP, 0);
        if (to != 3) {
          csrs.setStatus(ReferenceCsrs.MPRV, 0);
        }
        csrs.privilege = to;
        hart.trapTo(csrs.mepc);
      }
      case 0x1050_0073 ->
          require(
              csrs.privilege == 3 || (csrs.privilege == 1 && csrs.status(ReferenceCsrs.TW) == 0));
      case 0x00d0_0073, 0x01d0_0073 -> {}
      case 0x1800_0073, 0x1810_0073 -> require(csrs.privilege >= 1);
      default -> throw hart.illegal();
    }
  }

  private void csr(int insn, int funct3) {
    int number = insn >>> 20;
    int rs1 = insn >> 15 & 31;
    long operand = funct3 >= 5 ? rs1 : hart.x(rs1);
    boolean swap = (funct3 & 3) == 1;
    boolean writes = swap || rs1 != 0;
    hart.csrs.checkAccess(number, writes);
    long old = hart.csrs.read(number);
    if (writes) {
      long base = old;
      if (number == 0x344) {
        // The external line's level is read but takes no part in a set or clear (§3.1.9).
        base = hart.csrs.softwarePending;
      }
      long value =
          switch (funct3 & 3) {
            case 1 -> operand;
            case 2 -> base | operand;
            default -> base & ~operand;
          };
      hart.csrs.write(number, value);
    }
    hart.setX(insn >> 7 & 31, old);
  }
}
