package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.BIAS;
import static brume.hypervisor.translator.amd64.RegionEmitter.BLOCK;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;
import static brume.hypervisor.translator.amd64.RegionEmitter.D;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;
import brume.hypervisor.translator.RegisterUse;

/// Loads and stores: RISC-V unprivileged §2.6, §4.3, §20.5, §21.3. The hart's translation buffer
/// says where the page of an access is; what it does not know, and what lies in two pages, is the
/// interpreter's.
final class MemoryOperations {
  static final int PAGE_MASK = -4096;
  private static final int STORE16 = 0x66;
  private static final int BLOCK_BYTES = 64;
  private static final int VECTOR_BYTES = 16;
  private static final int ZERO_FLOATS = 0x57;
  private static final int STORE_VECTOR = 0x0f11;

  private final RegionEmitter to;
  private final Assembler code;
  private final PageLooks looks;

  MemoryOperations(RegionEmitter to, PageLooks looks) {
    this.to = to;
    this.code = to.code;
    this.looks = looks;
  }

  void emit(Operation operation) {
    int bytes = PageLooks.bytes(operation);
    int displacement = PageLooks.displacement(operation);
    boolean whole = bytes == Long.BYTES || operation.rs1() == operation.rs2();
    to.registers.widen(whole ? RegisterUse.read(operation) : 1 << operation.rs1());
    int base = to.registers.use(operation.rs1(), A);
    looks.find(operation, base, displacement, bytes);
    switch (operation.encoding().operands()) {
      case LOAD -> load(operation, base, displacement);
      case S -> store(bytes, to.registers.use(operation.rs2(), C), base, displacement);
      case FLOAT_LOAD -> to.floats().load(operation.rd(), bytes, base, displacement);
      case FLOAT_STORE -> to.floats().store(operation.rs2(), bytes, base, displacement);
      default -> throw new AssertionError(operation);
    }
    looks.done();
  }

  /// Zicboz: the block around an address becomes zero (RISC-V unprivileged §21.4). The others of
  /// its kind are the interpreter's.
  void emitCache(Operation operation) {
    if (operation.encoding() != Encoding.CBO_ZERO) {
      code.jump(to.interpreted());
      return;
    }
    code.immediateInPlace(Assembler.N_CMP, BLOCK, TranslatedCode.MAY_ZERO - BIAS, 0);
    code.jump(Condition.EQUAL, to.interpreted());
    to.registers.copy(operation.rs1(), A);
    code.immediate(true, Assembler.N_AND, A, -BLOCK_BYTES);
    looks.look(TranslatedCode.STORES, A, 0, BLOCK_BYTES, to.interpreted());
    code.vex(Assembler.P_NONE, 1, false, ZERO_FLOATS, 0, 0, 0);
    for (int i = 0; i < BLOCK_BYTES; i += VECTOR_BYTES) {
      code.rx(false, STORE_VECTOR, 0, D, A, 0, i);
    }
  }

  /// For a change of memory that must be aligned.
  void findAligned(int register, int bytes) {
    to.registers.copy(register, A);
    code.move(C, A);
    code.immediate(false, Assembler.N_AND, C, bytes - 1);
    code.jump(Condition.NOT_EQUAL, to.interpreted());
    looks.look(TranslatedCode.STORES, A, 0, bytes, to.interpreted());
  }

  private void load(Operation operation, int base, int displacement) {
    if (operation.rd() == 0) {
      return; // Whether it may be read is all that was asked.
    }
    int host = to.registers.target(operation.rd(), A);
    switch (operation.encoding()) {
      case LB -> code.rx(true, Assembler.MOVSX8, host, D, base, 0, displacement);
      case LBU -> code.rx(false, Assembler.MOVZX8, host, D, base, 0, displacement);
      case LH -> code.rx(true, Assembler.MOVSX16, host, D, base, 0, displacement);
      case LHU -> code.rx(false, Assembler.MOVZX16, host, D, base, 0, displacement);
      case LW -> code.rx(true, Assembler.MOVSXD, host, D, base, 0, displacement);
      case LWU -> code.rx(false, Assembler.MOV, host, D, base, 0, displacement);
      case LD -> code.rx(true, Assembler.MOV, host, D, base, 0, displacement);
      default -> throw new AssertionError(operation);
    }
    to.registers.done(operation.rd(), host);
    if (PageLooks.bytes(operation) < Long.BYTES && operation.encoding() != Encoding.LWU) {
      to.registers.knowWord(operation.rd());
    }
  }

  private void store(int bytes, int value, int base, int displacement) {
    switch (bytes) {
      case 1 -> code.rx(false, Assembler.STORE8, value, D, base, 0, displacement);
      case 2 -> code.rx(STORE16, false, Assembler.STORE, value, D, base, 0, displacement);
      case 4 -> code.rx(false, Assembler.STORE, value, D, base, 0, displacement);
      default -> code.rx(true, Assembler.STORE, value, D, base, 0, displacement);
    }
  }
}
