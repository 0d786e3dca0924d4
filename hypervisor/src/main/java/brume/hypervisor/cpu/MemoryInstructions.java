package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;

/// Loads and stores of integers: RISC-V unprivileged §2.6 and §4.3. Misaligned ones inside a page
/// need nothing special; the tag of the last byte's page shows that an access leaves its page.
final class MemoryInstructions {
  private MemoryInstructions() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case LB -> new Lb(bits, raw);
      case LH -> new Lh(bits, raw);
      case LW -> new Lw(bits, raw);
      case LD -> new Ld(bits, raw);
      case LBU -> new Lbu(bits, raw);
      case LHU -> new Lhu(bits, raw);
      case LWU -> new Lwu(bits, raw);
      case SB -> new Sb(bits, raw);
      case SH -> new Sh(bits, raw);
      case SW -> new Sw(bits, raw);
      case SD -> new Sd(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  /// Loads from `rs1 + immediate`. What the load buffer does not know goes the slow way.
  abstract static class Load extends Instruction {
    final byte rd;
    final byte rs1;
    final short immediate;

    Load(int bits, int raw) {
      super(raw);
      rd = (byte) rd(bits);
      rs1 = (byte) rs1(bits);
      immediate = (short) immediateI(bits);
    }

    abstract int bytes();

    /// From what memory gave, zero-extended, to what the register gets.
    abstract long extended(long loaded);

    final Instruction slowly(Hart h, long address) {
      long loaded = h.mmu.load(address, bytes());
      if (h.mmu.fault >= 0) {
        return h.trap(this, h.mmu.fault, h.mmu.faultAddress);
      }
      h.set(rd, extended(loaded));
      return next;
    }
  }

  /// Stores to `rs1 + immediate`.
  abstract static class Store extends Instruction {
    final byte rs1;
    final byte rs2;
    final short immediate;

    Store(int bits, int raw) {
      super(raw);
      rs1 = (byte) rs1(bits);
      rs2 = (byte) rs2(bits);
      immediate = (short) immediateS(bits);
    }

    final Instruction slowly(Hart h, long address, int bytes, long value) {
      h.mmu.store(address, bytes, value);
      return h.mmu.fault >= 0 ? h.trap(this, h.mmu.fault, h.mmu.faultAddress) : next;
    }
  }

  static final class Lb extends Load {
    Lb(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.LOADS + slot) != Mmu.tag(address, h.dataContext)) {
        return slowly(h, address);
      }
      h.set(
          rd, HostMemory.load8(HostMemory.element(h.state, HartBlock.LOADS + 8 + slot) + address));
      return next;
    }

    @Override
    int bytes() {
      return 1;
    }

    @Override
    long extended(long loaded) {
      return (byte) loaded;
    }
  }

  static final class Lh extends Load {
    Lh(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.LOADS + slot)
          != Mmu.tag(address + 1, h.dataContext)) {
        return slowly(h, address);
      }
      h.set(
          rd, HostMemory.load16(HostMemory.element(h.state, HartBlock.LOADS + 8 + slot) + address));
      return next;
    }

    @Override
    int bytes() {
      return 2;
    }

    @Override
    long extended(long loaded) {
      return (short) loaded;
    }
  }

  static final class Lw extends Load {
    Lw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.LOADS + slot)
          != Mmu.tag(address + 3, h.dataContext)) {
        return slowly(h, address);
      }
      h.set(
          rd, HostMemory.load32(HostMemory.element(h.state, HartBlock.LOADS + 8 + slot) + address));
      return next;
    }

    @Override
    int bytes() {
      return 4;
    }

    @Override
    long extended(long loaded) {
      return (int) loaded;
    }
  }

  static final class Ld extends Load {
    Ld(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.LOADS + slot)
          != Mmu.tag(address + 7, h.dataContext)) {
        return slowly(h, address);
      }
      h.set(
          rd, HostMemory.load64(HostMemory.element(h.state, HartBlock.LOADS + 8 + slot) + address));
      return next;
    }

    @Override
    int bytes() {
      return 8;
    }

    @Override
    long extended(long loaded) {
      return loaded;
    }
  }

  static final class Lbu extends Load {
    Lbu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.LOADS + slot) != Mmu.tag(address, h.dataContext)) {
        return slowly(h, address);
      }
      h.set(
          rd,
          HostMemory.load8(HostMemory.element(h.state, HartBlock.LOADS + 8 + slot) + address)
              & 0xff);
      return next;
    }

    @Override
    int bytes() {
      return 1;
    }

    @Override
    long extended(long loaded) {
      return loaded;
    }
  }

  static final class Lhu extends Load {
    Lhu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.LOADS + slot)
          != Mmu.tag(address + 1, h.dataContext)) {
        return slowly(h, address);
      }
      h.set(
          rd,
          HostMemory.load16(HostMemory.element(h.state, HartBlock.LOADS + 8 + slot) + address)
              & 0xffff);
      return next;
    }

    @Override
    int bytes() {
      return 2;
    }

    @Override
    long extended(long loaded) {
      return loaded;
    }
  }

  static final class Lwu extends Load {
    Lwu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.LOADS + slot)
          != Mmu.tag(address + 3, h.dataContext)) {
        return slowly(h, address);
      }
      h.set(
          rd,
          HostMemory.load32(HostMemory.element(h.state, HartBlock.LOADS + 8 + slot) + address)
              & 0xffff_ffffL);
      return next;
    }

    @Override
    int bytes() {
      return 4;
    }

    @Override
    long extended(long loaded) {
      return loaded;
    }
  }

  static final class Sb extends Store {
    Sb(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.STORES + slot) != Mmu.tag(address, h.dataContext)) {
        return slowly(h, address, 1, h.get(rs2));
      }
      HostMemory.store8(
          HostMemory.element(h.state, HartBlock.STORES + 8 + slot) + address, (byte) h.get(rs2));
      return next;
    }
  }

  static final class Sh extends Store {
    Sh(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.STORES + slot)
          != Mmu.tag(address + 1, h.dataContext)) {
        return slowly(h, address, 2, h.get(rs2));
      }
      HostMemory.store16(
          HostMemory.element(h.state, HartBlock.STORES + 8 + slot) + address, (short) h.get(rs2));
      return next;
    }
  }

  static final class Sw extends Store {
    Sw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.STORES + slot)
          != Mmu.tag(address + 3, h.dataContext)) {
        return slowly(h, address, 4, h.get(rs2));
      }
      HostMemory.store32(
          HostMemory.element(h.state, HartBlock.STORES + 8 + slot) + address, (int) h.get(rs2));
      return next;
    }
  }

  static final class Sd extends Store {
    Sd(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1) + immediate;
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.STORES + slot)
          != Mmu.tag(address + 7, h.dataContext)) {
        return slowly(h, address, 8, h.get(rs2));
      }
      HostMemory.store64(
          HostMemory.element(h.state, HartBlock.STORES + 8 + slot) + address, h.get(rs2));
      return next;
    }
  }
}
