package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.A;
import static brume.hypervisor.translator.amd64.RegionEmitter.BIAS;
import static brume.hypervisor.translator.amd64.RegionEmitter.BLOCK;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan.Operation;
import brume.hypervisor.cpu.TranslatedCode;

/// Zicsr, of the registers of S-mode that a trap handler uses and that nothing else depends on
/// (RISC-V privileged §12.1.6 to §12.1.9). The rest is the interpreter's.
final class ControlRegisterOperations {
  private static final int SSCRATCH = 0x140;
  private static final int SEPC = 0x141;
  private static final int SCAUSE = 0x142;
  private static final int STVAL = 0x143;
  private static final int NOWHERE = -1;

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

  /// Whether nothing but reading, or replacing as a whole, is asked for.
  static boolean isEmitted(Operation operation) {
    boolean replaces = operation.encoding() == Encoding.CSRRW;
    boolean reads = operation.encoding() == Encoding.CSRRS && operation.rs1() == 0;
    return (replaces || reads) && place(operation) != NOWHERE;
  }

  static void emit(RegionEmitter to, Operation operation) {
    Assembler code = to.code;
    if (!isEmitted(operation)) {
      code.jump(to.interpreted());
      return;
    }
    code.immediateInPlace(Assembler.N_CMP, BLOCK, TranslatedCode.PRIVILEGE - BIAS, 0);
    code.jump(Condition.EQUAL, to.interpreted());
    int place = place(operation);
    code.rm(true, Assembler.MOV, A, BLOCK, place);
    if (operation.encoding() == Encoding.CSRRW) {
      int value = to.use(operation.rs1(), C);
      if (operation.bits() >>> 20 == SEPC) {
        code.move(C, value);
        code.immediate(true, Assembler.N_AND, C, -2);
        value = C;
      }
      code.rm(true, Assembler.STORE, value, BLOCK, place);
    }
    if (operation.rd() != 0) {
      to.done(operation.rd(), A);
    }
  }
}
