package brume.hypervisor.cpu;

/// Zicbom and Zicboz with blocks of 64 bytes: RISC-V unprivileged §21. Memory is coherent here, so
/// the management instructions only check.
final class CacheInstruction extends Instruction {
  private final byte rs1;
  private final boolean zeroes;
  private final long permission;

  CacheInstruction(Encoding encoding, int bits, int raw) {
    super(raw);
    rs1 = (byte) rs1(bits);
    zeroes = encoding == Encoding.CBO_ZERO;
    permission =
        switch (encoding) {
          case CBO_ZERO -> Csrs.CBZE;
          case CBO_INVAL -> Csrs.CBIE;
          default -> Csrs.CBCFE;
        };
  }

  @Override
  Instruction execute(Hart h) {
    if (!h.csrs.environmentAllows(permission)) {
      return illegal(h);
    }
    if (zeroes) {
      h.mmu.zeroBlock(h.x(rs1));
    } else {
      h.mmu.touchBlock(h.x(rs1));
    }
    return h.mmu.fault >= 0 ? h.trap(this, h.mmu.fault, h.mmu.faultAddress) : next;
  }
}
