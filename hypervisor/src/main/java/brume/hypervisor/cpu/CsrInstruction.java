package brume.hypervisor.cpu;

/// Zicsr: RISC-V unprivileged §6.1.
final class CsrInstruction extends Instruction {
  private final byte rd;
  private final byte source;
  private final short csr;
  private final byte operation;
  private final boolean immediate;
  private final boolean writes;

  CsrInstruction(Encoding encoding, int bits, int raw) {
    super(raw);
    rd = (byte) rd(bits);
    source = (byte) rs1(bits);
    csr = (short) (bits >>> 20);
    operation = (byte) (bits >>> 12 & 3);
    immediate = encoding.operands() == Encoding.Operands.CSR_IMMEDIATE;
    writes = operation == 1 || source != 0;
  }

  @Override
  Instruction execute(Hart h) {
    int number = csr & 0xfff;
    Csrs csrs = h.csrs;
    if (!csrs.permits(number, writes)) {
      return illegal(h);
    }
    long operand = immediate ? source : h.x(source);
    long old = csrs.read(number);
    if (!writes) {
      h.set(rd, old);
      return next;
    }
    long base = number == Csr.MIP ? csrs.interrupts.pendingForUpdate() : old;
    csrs.write(
        number,
        switch (operation) {
          case 1 -> operand;
          case 2 -> base | operand;
          default -> base & ~operand;
        });
    h.set(rd, old);
    return changesFetches(number) ? h.interruptible(refetched(h)) : h.interruptible(next);
  }

  private static boolean changesFetches(int number) {
    return number == Csr.SATP
        || number == Csr.MENVCFG
        || (number >= Csr.PMPCFG0 && number <= Csr.PMPADDR15);
  }
}
