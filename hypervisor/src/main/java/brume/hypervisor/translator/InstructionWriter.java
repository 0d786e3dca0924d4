package brume.hypervisor.translator;

import brume.hypervisor.cpu.RegionPlan.Operation;

/// One instruction, by the group of its encoding.
final class InstructionWriter {
  private InstructionWriter() {}

  static void write(RegionWriter to, Operation operation) {
    switch (operation.encoding().group()) {
      case INTEGER -> IntegerWriter.write(to, operation);
      case MULTIPLY -> MultiplyWriter.write(to, operation);
      case ADDRESS -> AddressWriter.write(to, operation);
      case BITS -> BitWriter.write(to, operation);
      case CONTROL -> ControlWriter.write(to, operation);
      case MEMORY, FLOAT_MEMORY -> MemoryWriter.write(to, operation);
      case SINGLE, DOUBLE -> FloatWriter.write(to, operation);
      case FLOAT_MOVE -> ConversionWriter.write(to, operation);
      case SYSTEM -> {
        to.pushHart();
        to.call("fence", "(Lbrume/hypervisor/cpu/Hart;)V");
      }
      case ATOMIC, CONTROL_REGISTER, CACHE -> to.step(operation);
    }
  }
}
