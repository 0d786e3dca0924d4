package brume.hypervisor.cpu;

import brume.hypervisor.cpu.fp.Float32;
import brume.hypervisor.memory.HostMemory;

/// Loads and stores of F and D: RISC-V unprivileged §20.5, §21.3.
final class FloatMemory {
  private FloatMemory() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case FLW -> new Flw(bits, raw);
      case FLD -> new Fld(bits, raw);
      case FSW -> new Fsw(bits, raw);
      case FSD -> new Fsd(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  static final class Flw extends Instruction {
    private final byte rd;
    private final byte rs1;
    private final short immediate;

    Flw(int bits, int raw) {
      super(raw);
      rd = (byte) (bits >>> 7 & 31);
      rs1 = (byte) rs1(bits);
      immediate = (short) immediateI(bits);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      long address = h.x(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.LOADS + slot)
          != Mmu.tag(address + 3, h.dataContext)) {
        return slowly(h, address);
      }
      h.setF(
          rd,
          Float32.box(
              HostMemory.load32(
                  HostMemory.element(h.state, HartBlock.LOADS + 8 + slot) + address)));
      h.csrs.floats.dirty();
      return next;
    }

    private Instruction slowly(Hart h, long address) {
      long loaded = h.mmu.load(address, 4);
      if (h.mmu.fault >= 0) {
        return h.trap(this, h.mmu.fault, h.mmu.faultAddress);
      }
      h.setF(rd, Float32.box((int) loaded));
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class Fld extends Instruction {
    private final byte rd;
    private final byte rs1;
    private final short immediate;

    Fld(int bits, int raw) {
      super(raw);
      rd = (byte) (bits >>> 7 & 31);
      rs1 = (byte) rs1(bits);
      immediate = (short) immediateI(bits);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      long address = h.x(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.LOADS + slot)
          != Mmu.tag(address + 7, h.dataContext)) {
        return slowly(h, address);
      }
      h.setF(
          rd, HostMemory.load64(HostMemory.element(h.state, HartBlock.LOADS + 8 + slot) + address));
      h.csrs.floats.dirty();
      return next;
    }

    private Instruction slowly(Hart h, long address) {
      long loaded = h.mmu.load(address, 8);
      if (h.mmu.fault >= 0) {
        return h.trap(this, h.mmu.fault, h.mmu.faultAddress);
      }
      h.setF(rd, loaded);
      h.csrs.floats.dirty();
      return next;
    }
  }

  static final class Fsw extends MemoryInstructions.Store {
    private final byte source;

    Fsw(int bits, int raw) {
      super(bits, raw);
      source = (byte) rs2(bits);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.STORES + slot)
          != Mmu.tag(address + 3, h.dataContext)) {
        return slowly(h, address, 4, h.f(source));
      }
      HostMemory.store32(
          HostMemory.element(h.state, HartBlock.STORES + 8 + slot) + address, (int) h.f(source));
      return next;
    }
  }

  static final class Fsd extends MemoryInstructions.Store {
    private final byte source;

    Fsd(int bits, int raw) {
      super(bits, raw);
      source = (byte) rs2(bits);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.csrs.floats.off()) {
        return illegal(h);
      }
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.STORES + slot)
          != Mmu.tag(address + 7, h.dataContext)) {
        return slowly(h, address, 8, h.f(source));
      }
      HostMemory.store64(
          HostMemory.element(h.state, HartBlock.STORES + 8 + slot) + address, h.f(source));
      return next;
    }
  }
}
