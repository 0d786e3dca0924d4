package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;
import java.lang.invoke.VarHandle;

/// The A extension: RISC-V unprivileged §14. Sign-extension keeps the order of unsigned words, so
/// one comparison serves both widths.
final class AtomicInstructions {
  private AtomicInstructions() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case LR_W -> new LoadReserved(bits, raw, 4);
      case LR_D -> new LoadReserved(bits, raw, 8);
      case SC_W -> new StoreConditional(bits, raw, 4);
      case SC_D -> new StoreConditional(bits, raw, 8);
      case AMOSWAP_W -> new Amoswap(bits, raw, 4);
      case AMOSWAP_D -> new Amoswap(bits, raw, 8);
      case AMOADD_W -> new Amoadd(bits, raw, 4);
      case AMOADD_D -> new Amoadd(bits, raw, 8);
      case AMOXOR_W -> new Amoxor(bits, raw, 4);
      case AMOXOR_D -> new Amoxor(bits, raw, 8);
      case AMOAND_W -> new Amoand(bits, raw, 4);
      case AMOAND_D -> new Amoand(bits, raw, 8);
      case AMOOR_W -> new Amoor(bits, raw, 4);
      case AMOOR_D -> new Amoor(bits, raw, 8);
      case AMOMIN_W -> new Amomin(bits, raw, 4);
      case AMOMIN_D -> new Amomin(bits, raw, 8);
      case AMOMAX_W -> new Amomax(bits, raw, 4);
      case AMOMAX_D -> new Amomax(bits, raw, 8);
      case AMOMINU_W -> new Amominu(bits, raw, 4);
      case AMOMINU_D -> new Amominu(bits, raw, 8);
      case AMOMAXU_W -> new Amomaxu(bits, raw, 4);
      case AMOMAXU_D -> new Amomaxu(bits, raw, 8);
      default -> throw new AssertionError(encoding);
    };
  }

  /// `rd = memory at rs1, 4 or 8 bytes, sign-extended`, with what each kind does to the memory.
  abstract static class Atomic extends Instruction {
    final byte rd;
    final byte rs1;
    final byte rs2;
    final byte bytes;

    Atomic(int bits, int raw, int bytes) {
      super(raw);
      rd = (byte) rd(bits);
      rs1 = (byte) rs1(bits);
      rs2 = (byte) rs2(bits);
      this.bytes = (byte) bytes;
    }

    /// Zaamo and Zalrsc want natural alignment (§14.2, §14.4); other accesses do not.
    final boolean misaligned(long address) {
      return (address & (bytes - 1)) != 0;
    }

    final long signed(long loaded) {
      return bytes == 4 ? (int) loaded : loaded;
    }
  }

  /// Acquires always; `rl` on top of it orders it behind earlier stores.
  static final class LoadReserved extends Atomic {
    private final boolean releases;

    LoadReserved(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
      releases = (bits >>> 25 & 1) != 0;
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1);
      if (misaligned(address)) {
        return h.trap(this, Cause.LOAD_MISALIGNED, address);
      }
      if (releases) {
        VarHandle.fullFence();
      }
      long loaded = h.mmu.loadReserved(address, bytes);
      if (h.mmu.fault >= 0) {
        return h.trap(this, h.mmu.fault, h.mmu.faultAddress);
      }
      h.set(rd, signed(loaded));
      return next;
    }
  }

  static final class StoreConditional extends Atomic {
    StoreConditional(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    Instruction execute(Hart h) {
      long address = h.get(rs1);
      if (misaligned(address)) {
        return h.trap(this, Cause.STORE_MISALIGNED, address);
      }
      boolean stored = h.mmu.storeConditional(address, bytes, h.get(rs2));
      if (h.mmu.fault >= 0) {
        return h.trap(this, h.mmu.fault, h.mmu.faultAddress);
      }
      h.set(rd, stored ? 0 : 1);
      return next;
    }
  }

  /// Read, combine with `rs2`, write: one step for the other harts where there are any, and then
  /// ordered with everything before and behind, as `aq` and `rl` may ask.
  abstract static class ReadModifyWrite extends Atomic {
    ReadModifyWrite(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    /// Both sign-extended where the access has 4 bytes.
    abstract long combined(long memory, long register);

    @Override
    final Instruction execute(Hart h) {
      long address = h.get(rs1);
      long slot = TranslationBuffer.slot(address);
      if (HostMemory.element(h.state, HartBlock.STORES + slot)
              != Mmu.tag(address + bytes - 1, h.dataContext)
          || misaligned(address)) {
        return slowly(h, address);
      }
      update(h, HostMemory.element(h.state, HartBlock.STORES + 8 + slot) + address);
      return next;
    }

    private void update(Hart h, long host) {
      long register = signed(h.get(rs2));
      long old;
      if (bytes == 4) {
        old = h.group.parallel ? update32(host, register) : updateAlone32(host, register);
      } else {
        old = h.group.parallel ? update64(host, register) : updateAlone64(host, register);
      }
      h.set(rd, old);
    }

    private long updateAlone32(long host, long register) {
      int old = HostMemory.load32(host);
      HostMemory.store32(host, (int) combined(old, register));
      return old;
    }

    private long updateAlone64(long host, long register) {
      long old = HostMemory.load64(host);
      HostMemory.store64(host, combined(old, register));
      return old;
    }

    private long update32(long host, long register) {
      int old;
      do {
        old = HostMemory.load32Volatile(host);
      } while (!HostMemory.replace32(host, old, (int) combined(old, register)));
      return old;
    }

    private long update64(long host, long register) {
      long old;
      do {
        old = HostMemory.load64Volatile(host);
      } while (!HostMemory.replace64(host, old, combined(old, register)));
      return old;
    }

    private Instruction slowly(Hart h, long address) {
      if (misaligned(address)) {
        return h.trap(this, Cause.STORE_MISALIGNED, address);
      }
      long host = h.mmu.forUpdate(address, bytes);
      if (h.mmu.fault >= 0) {
        return h.trap(this, h.mmu.fault, h.mmu.faultAddress);
      }
      update(h, host);
      h.mmu.updated(bytes);
      return next;
    }
  }

  static final class Amoswap extends ReadModifyWrite {
    Amoswap(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    long combined(long memory, long register) {
      return register;
    }
  }

  static final class Amoadd extends ReadModifyWrite {
    Amoadd(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    long combined(long memory, long register) {
      return memory + register;
    }
  }

  static final class Amoxor extends ReadModifyWrite {
    Amoxor(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    long combined(long memory, long register) {
      return memory ^ register;
    }
  }

  static final class Amoand extends ReadModifyWrite {
    Amoand(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    long combined(long memory, long register) {
      return memory & register;
    }
  }

  static final class Amoor extends ReadModifyWrite {
    Amoor(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    long combined(long memory, long register) {
      return memory | register;
    }
  }

  static final class Amomin extends ReadModifyWrite {
    Amomin(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    long combined(long memory, long register) {
      return Math.min(memory, register);
    }
  }

  static final class Amomax extends ReadModifyWrite {
    Amomax(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    long combined(long memory, long register) {
      return Math.max(memory, register);
    }
  }

  static final class Amominu extends ReadModifyWrite {
    Amominu(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    long combined(long memory, long register) {
      return Long.compareUnsigned(memory, register) < 0 ? memory : register;
    }
  }

  static final class Amomaxu extends ReadModifyWrite {
    Amomaxu(int bits, int raw, int bytes) {
      super(bits, raw, bytes);
    }

    @Override
    long combined(long memory, long register) {
      return Long.compareUnsigned(memory, register) > 0 ? memory : register;
    }
  }
}
