package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.BIAS;
import static brume.hypervisor.translator.amd64.RegionEmitter.BLOCK;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;
import static brume.hypervisor.translator.amd64.RegionEmitter.D;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;

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

  MemoryOperations(RegionEmitter to) {
    this.to = to;
    this.code = to.code;
  }

  void emit(Operation operation) {
    int bytes = 1 << (operation.bits() >>> 12 & 3);
    switch (operation.encoding().operands()) {
      case LOAD -> {
        find(TranslatedCode.LOADS, operation.rs1(), (int) operation.immediateI(), bytes);
        load(operation);
      }
      case S -> {
        find(TranslatedCode.STORES, operation.rs1(), (int) operation.immediateS(), bytes);
        store(bytes, to.use(operation.rs2(), C));
      }
      case FLOAT_LOAD -> {
        find(TranslatedCode.LOADS, operation.rs1(), (int) operation.immediateI(), bytes);
        to.floats().load(operation.rd(), bytes, D, A);
      }
      case FLOAT_STORE -> {
        find(TranslatedCode.STORES, operation.rs1(), (int) operation.immediateS(), bytes);
        to.floats().store(operation.rs2(), bytes, D, A);
      }
      default -> throw new AssertionError(operation);
    }
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
    address(operation.rs1(), 0);
    code.immediate(true, Assembler.N_AND, A, -BLOCK_BYTES);
    look(TranslatedCode.STORES, BLOCK_BYTES);
    code.vex(Assembler.P_NONE, 1, false, ZERO_FLOATS, 0, 0, 0);
    for (int i = 0; i < BLOCK_BYTES; i += VECTOR_BYTES) {
      code.rx(false, STORE_VECTOR, 0, D, A, 0, i);
    }
  }

  /// As [#find], for a change of memory that must be aligned.
  void findAligned(int register, int bytes) {
    address(register, 0);
    code.move(C, A);
    code.immediate(false, Assembler.N_AND, C, bytes - 1);
    code.jump(Condition.NOT_EQUAL, to.interpreted());
    look(TranslatedCode.STORES, bytes);
  }

  /// RAX and RDX together are the host's address for an access.
  private void find(int buffer, int register, int displacement, int bytes) {
    address(register, displacement);
    look(buffer, bytes);
  }

  /// From the guest's address in RAX, by either way of its set.
  private void look(int buffer, int bytes) {
    code.rr(false, Assembler.MOV, C, A);
    code.shift(false, Assembler.N_SHR, C, TranslatedCode.SLOT_SHIFT);
    code.immediate(false, Assembler.N_AND, C, TranslatedCode.SLOT_MASK);
    if (bytes > 1) {
      code.rm(true, Assembler.LEA, D, A, bytes - 1);
    } else {
      code.move(D, A);
    }
    code.immediate(true, Assembler.N_AND, D, PAGE_MASK);
    code.rm(true, Assembler.OR, D, BLOCK, TranslatedCode.CONTEXT - BIAS);
    int first = buffer - BIAS;
    int second = first + TranslatedCode.WAY;
    Label found = new Label();
    Label unknown = to.interpreted();
    code.rx(true, Assembler.CMP, D, BLOCK, C, 0, first);
    code.jump(
        Condition.NOT_EQUAL,
        to.stub(() -> {
          code.rx(true, Assembler.CMP, D, BLOCK, C, 0, second);
          code.jump(Condition.NOT_EQUAL, unknown);
          code.rx(true, Assembler.MOV, D, BLOCK, C, 0, second + TranslatedCode.ADDEND);
          code.jump(found);
        }));
    code.rx(true, Assembler.MOV, D, BLOCK, C, 0, first + TranslatedCode.ADDEND);
    code.bind(found);
  }

  /// In RAX.
  private void address(int register, int displacement) {
    if (register == 0) {
      code.constant(A, displacement);
      return;
    }
    int base = to.use(register, A);
    if (displacement == 0) {
      code.move(A, base);
    } else {
      code.rm(true, Assembler.LEA, A, base, displacement);
    }
  }

  private void load(Operation operation) {
    if (operation.rd() == 0) {
      return; // Whether it may be read is all that was asked.
    }
    int host = to.target(operation.rd(), A);
    switch (operation.encoding()) {
      case LB -> code.rx(true, Assembler.MOVSX8, host, D, A, 0, 0);
      case LBU -> code.rx(false, Assembler.MOVZX8, host, D, A, 0, 0);
      case LH -> code.rx(true, Assembler.MOVSX16, host, D, A, 0, 0);
      case LHU -> code.rx(false, Assembler.MOVZX16, host, D, A, 0, 0);
      case LW -> code.rx(true, Assembler.MOVSXD, host, D, A, 0, 0);
      case LWU -> code.rx(false, Assembler.MOV, host, D, A, 0, 0);
      case LD -> code.rx(true, Assembler.MOV, host, D, A, 0, 0);
      default -> throw new AssertionError(operation);
    }
    to.done(operation.rd(), host);
  }

  private void store(int bytes, int value) {
    switch (bytes) {
      case 1 -> code.rx(false, Assembler.STORE8, value, D, A, 0, 0);
      case 2 -> code.rx(STORE16, false, Assembler.STORE, value, D, A, 0, 0);
      case 4 -> code.rx(false, Assembler.STORE, value, D, A, 0, 0);
      default -> code.rx(true, Assembler.STORE, value, D, A, 0, 0);
    }
  }
}
