package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;
import static brume.hypervisor.translator.amd64.RegionEmitter.D;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// Zaamo: RISC-V unprivileged §14.4. The host's locked instructions order all that `aq` and `rl`
/// can ask for. LR and SC, and what is not aligned, are the interpreter's.
final class AtomicOperations {
  private static final int XADD = 0x0fc1;
  private static final int XCHG = 0x87;
  private static final int COMPARE_EXCHANGE = 0x0fb1;

  private AtomicOperations() {}

  static void emit(RegionEmitter to, MemoryOperations memory, Operation operation) {
    switch (operation.encoding()) {
      case AMOADD_W, AMOADD_D -> exchange(to, memory, operation, XADD);
      case AMOSWAP_W, AMOSWAP_D -> exchange(to, memory, operation, XCHG);
      case AMOAND_W, AMOAND_D -> loop(to, memory, operation, Assembler.AND);
      case AMOOR_W, AMOOR_D -> loop(to, memory, operation, Assembler.OR);
      case AMOXOR_W, AMOXOR_D -> loop(to, memory, operation, Assembler.XOR);
      default -> to.code.jump(to.interpreted());
    }
  }

  private static boolean isWide(Operation operation) {
    return (operation.bits() >>> 12 & 1) != 0;
  }

  /// In RDX the host's address.
  private static void find(RegionEmitter to, MemoryOperations memory, Operation operation) {
    memory.findAligned(operation.rs1(), isWide(operation) ? 8 : 4);
    to.code.rx(true, Assembler.LEA, D, D, A, 0, 0);
  }

  private static void exchange(
      RegionEmitter to, MemoryOperations memory, Operation operation, int opcode) {
    find(to, memory, operation);
    to.registers.copy(operation.rs2(), C);
    to.code.lock();
    to.code.rm(isWide(operation), opcode, C, D, 0);
    finish(to, operation, C);
  }

  private static void loop(
      RegionEmitter to, MemoryOperations memory, Operation operation, int opcode) {
    if (operation.rs2() == 0) {
      to.code.jump(to.interpreted());
      return;
    }
    find(to, memory, operation);
    boolean wide = isWide(operation);
    Label again = new Label();
    to.code.rm(wide, Assembler.MOV, A, D, 0);
    to.code.bind(again);
    to.code.move(C, A);
    to.registers.apply(wide, opcode, C, operation.rs2());
    to.code.lock();
    to.code.rm(wide, COMPARE_EXCHANGE, C, D, 0);
    to.code.jump(Condition.NOT_EQUAL, again);
    finish(to, operation, A);
  }

  private static void finish(RegionEmitter to, Operation operation, int old) {
    if (operation.rd() != 0) {
      int host = to.registers.target(operation.rd(), C);
      to.code.rr(true, isWide(operation) ? Assembler.MOV : Assembler.MOVSXD, host, old);
      to.registers.done(operation.rd(), host);
    }
  }
}
