package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// Loads and stores: RISC-V unprivileged §2.6, §4.3, §20.5, §21.3.
final class MemoryWriter {
  private MemoryWriter() {}

  static void write(RegionWriter to, Operation operation) {
    switch (operation.encoding().operands()) {
      case LOAD -> load(to, operation);
      case S -> {
        to.storeAddress(operation, operation.rs1(), operation.immediateS());
        to.get(operation.rs2());
        store(to, bytes(operation));
      }
      case FLOAT_LOAD -> loadFloat(to, operation);
      case FLOAT_STORE -> {
        to.storeAddress(operation, operation.rs1(), operation.immediateS());
        to.getFloat(operation.rs2());
        to.call(Double.class, "doubleToRawLongBits", "(D)J");
        store(to, bytes(operation));
      }
      default -> throw new AssertionError(operation);
    }
  }

  static int bytes(Operation operation) {
    return 1 << (operation.bits() >>> 12 & 3);
  }

  private static void load(RegionWriter to, Operation operation) {
    to.loadAddress(operation, operation.rs1(), operation.immediateI());
    switch (operation.encoding()) {
      case LB -> loadSmall(to, "load8", "(J)B");
      case LH -> loadSmall(to, "load16", "(J)S");
      case LW -> loadSmall(to, "load32", "(J)I");
      case LBU -> loadUnsigned(to, "load8", "(J)B", 0xff);
      case LHU -> loadUnsigned(to, "load16", "(J)S", 0xffff);
      case LWU -> {
        loadSmall(to, "load32", "(J)I");
        to.code.loadConstant(0xffff_ffffL).land();
      }
      default -> to.host("load64", "(J)J");
    }
    to.set(operation.rd());
  }

  private static void loadSmall(RegionWriter to, String name, String type) {
    to.host(name, type);
    to.code.i2l();
  }

  private static void loadUnsigned(RegionWriter to, String name, String type, int mask) {
    to.host(name, type);
    to.code.loadConstant(mask).iand().i2l();
  }

  private static void store(RegionWriter to, int bytes) {
    switch (bytes) {
      case 1 -> {
        to.code.l2i().i2b();
        to.host("store8", "(JB)V");
      }
      case 2 -> {
        to.code.l2i().i2s();
        to.host("store16", "(JS)V");
      }
      case 4 -> {
        to.code.l2i();
        to.host("store32", "(JI)V");
      }
      default -> to.host("store64", "(JJ)V");
    }
  }

  private static void loadFloat(RegionWriter to, Operation operation) {
    to.loadAddress(operation, operation.rs1(), operation.immediateI());
    if (bytes(operation) == 8) {
      to.host("load64", "(J)J");
    } else {
      loadSmall(to, "load32", "(J)I");
      to.code.loadConstant(0xffff_ffff_0000_0000L).lor();
    }
    to.call(Double.class, "longBitsToDouble", "(J)D");
    to.setFloat(operation.rd());
  }
}
