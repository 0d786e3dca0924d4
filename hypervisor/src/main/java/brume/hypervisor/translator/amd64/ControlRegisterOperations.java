package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.BIAS;
import static brume.hypervisor.translator.amd64.RegionEmitter.BLOCK;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;

/// Zicsr, of the registers of S-mode that a trap handler uses and that nothing else depends on, and
/// what a kernel does to `sstatus` all the time: read it, and switch interrupts off (RISC-V
/// privileged §12.1.1, §12.1.6 to §12.1.9). The rest is the interpreter's.
final class ControlRegisterOperations {
  private static final int SSTATUS = 0x100;
  private static final int SSCRATCH = 0x140;
  private static final int SEPC = 0x141;
  private static final int SCAUSE = 0x142;
  private static final int STVAL = 0x143;
  private static final int NOWHERE = -1;

  /// Of `sstatus`, above what [TranslatedCode#SUPERVISOR_STATUS] shows: UXL is always 2.
  private static final int UXL_BIT = 33;

  private static final int SD_BIT = 63;
  private static final int MSTATUS = TranslatedCode.MSTATUS - BIAS;

  private ControlRegisterOperations() {}

  private static int place(Operation operation) {
    return switch (operation.bits() >>> 20) {
      case SSCRATCH -> TranslatedCode.SSCRATCH - BIAS;
      case SEPC -> TranslatedCode.SEPC - BIAS;
      case SCAUSE -> TranslatedCode.SCAUSE - BIAS;
      case STVAL -> TranslatedCode.STVAL - BIAS;
      default -> NOWHERE;
    };
  }

  private static boolean reads(Operation operation) {
    return operation.encoding() == Encoding.CSRRS && operation.rs1() == 0;
  }

  static void emit(RegionEmitter to, Operation operation) {
    boolean status = operation.bits() >>> 20 == SSTATUS;
    boolean clears = operation.encoding() == Encoding.CSRRCI;
    boolean replaces = operation.encoding() == Encoding.CSRRW;
    if (status && (clears || reads(operation))) {
      emitStatus(to, operation, clears);
    } else if (place(operation) != NOWHERE && (replaces || reads(operation))) {
      emitWhole(to, operation, replaces);
    } else {
      to.code.jump(to.interpreted());
    }
  }

  private static void permit(RegionEmitter to) {
    to.code.immediateInPlace(Assembler.N_CMP, BLOCK, TranslatedCode.PRIVILEGE - BIAS, 0);
    to.code.jump(Condition.EQUAL, to.interpreted());
  }

  private static void emitWhole(RegionEmitter to, Operation operation, boolean replaces) {
    Assembler code = to.code;
    permit(to);
    int place = place(operation);
    code.rm(true, Assembler.MOV, A, BLOCK, place);
    if (replaces) {
      int value = to.registers.use(operation.rs1(), C);
      if (operation.bits() >>> 20 == SEPC) {
        code.move(C, value);
        code.immediate(true, Assembler.N_AND, C, -2);
        value = C;
      }
      code.rm(true, Assembler.STORE, value, BLOCK, place);
    }
    if (operation.rd() != 0) {
      to.registers.done(operation.rd(), A);
    }
  }

  /// Of what five bits can clear, only SIE is there.
  private static void emitStatus(RegionEmitter to, Operation operation, boolean clears) {
    Assembler code = to.code;
    permit(to);
    if (operation.rd() != 0) {
      Label clean = new Label();
      code.rm(false, Assembler.MOV, A, BLOCK, MSTATUS);
      code.immediate(false, Assembler.N_AND, A, TranslatedCode.SUPERVISOR_STATUS);
      code.move(C, A);
      code.immediate(false, Assembler.N_AND, C, TranslatedCode.STATUS_FS);
      code.bit(AddressOperations.SET, A, UXL_BIT);
      code.immediate(false, Assembler.N_CMP, C, TranslatedCode.STATUS_FS);
      code.jump(Condition.NOT_EQUAL, clean);
      code.bit(AddressOperations.SET, A, SD_BIT);
      code.bind(clean);
      to.registers.done(operation.rd(), A);
    }
    if (clears && (operation.rs1() & TranslatedCode.STATUS_SIE) != 0) {
      code.immediateInPlace(Assembler.N_AND, BLOCK, MSTATUS, ~TranslatedCode.STATUS_SIE);
    }
  }
}
