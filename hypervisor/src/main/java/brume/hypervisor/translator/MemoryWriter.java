package brume.hypervisor.translator;

import static brume.hypervisor.translator.InstructionWriter.immediateI;
import static brume.hypervisor.translator.InstructionWriter.immediateS;
import static brume.hypervisor.translator.InstructionWriter.rd;
import static brume.hypervisor.translator.InstructionWriter.rs1;
import static brume.hypervisor.translator.InstructionWriter.rs2;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// Loads and stores: RISC-V unprivileged §2.6, §4.3, §20.5, §21.3.
final class MemoryWriter {
  private static final String LOAD = "([JJJ)J";
  private static final String STORE = "([JJJJ)V";

  private MemoryWriter() {}

  static void write(RegionWriter to, Operation operation) {
    switch (operation.encoding()) {
      case SB -> store(to, operation, "store8");
      case SH -> store(to, operation, "store16");
      case SW -> store(to, operation, "store32");
      case SD -> store(to, operation, "store64");
      case FSW -> storeFloat(to, operation, "store32");
      case FSD -> storeFloat(to, operation, "store64");
      case FLW, FLD -> loadFloat(to, operation);
      default -> load(to, operation);
    }
  }

  private static void load(RegionWriter to, Operation operation) {
    to.loadAddress(operation, rs1(operation), immediateI(operation));
    switch (operation.encoding()) {
      case LB -> to.call("load8", LOAD);
      case LH -> to.call("load16", LOAD);
      case LW -> to.call("load32", LOAD);
      case LD -> to.call("load64", LOAD);
      case LBU -> unsigned(to, "load8", 0xff);
      case LHU -> unsigned(to, "load16", 0xffff);
      case LWU -> unsigned(to, "load32", 0xffff_ffffL);
      default -> throw new AssertionError(operation);
    }
    to.set(rd(operation));
  }

  private static void unsigned(RegionWriter to, String name, long mask) {
    to.call(name, LOAD);
    to.code.loadConstant(mask).land();
  }

  private static void store(RegionWriter to, Operation operation, String name) {
    to.storeAddress(operation, rs1(operation), immediateS(operation));
    to.get(rs2(operation));
    to.call(name, STORE);
  }

  private static void loadFloat(RegionWriter to, Operation operation) {
    to.loadAddress(operation, rs1(operation), immediateI(operation));
    boolean wide = operation.encoding() == brume.hypervisor.cpu.Encoding.FLD;
    to.call(wide ? "load64" : "load32", LOAD);
    if (!wide) {
      to.code.loadConstant(0xffff_ffff_0000_0000L).lor();
    }
    to.call(Double.class, "longBitsToDouble", "(J)D");
    to.setFloat(rd(operation));
  }

  private static void storeFloat(RegionWriter to, Operation operation, String name) {
    to.storeAddress(operation, rs1(operation), immediateS(operation));
    to.getFloat(rs2(operation));
    to.call(Double.class, "doubleToRawLongBits", "(D)J");
    to.call(name, STORE);
  }
}
