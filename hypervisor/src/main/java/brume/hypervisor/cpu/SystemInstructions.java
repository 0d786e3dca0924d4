package brume.hypervisor.cpu;

import java.lang.invoke.VarHandle;

/// Fences, environment calls, returns from traps, waiting, and fences of translations: RISC-V
/// unprivileged §2.7 and §2.8, Zifencei, Zihintpause, Zawrs; privileged §3.3, §12.2, Svinval.
final class SystemInstructions {
  private SystemInstructions() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case FENCE -> new Fence(bits, raw);
      case FENCE_I -> new FetchFence(raw);
      case PAUSE, WRS_NTO, WRS_STO -> new Pause(raw);
      case ECALL -> new EnvironmentCall(raw);
      case EBREAK -> new Breakpoint(raw);
      case SRET, MRET -> new TrapReturn(encoding, raw);
      case WFI -> new WaitForInterrupt(raw);
      case SFENCE_VMA, SINVAL_VMA -> new TranslationFence(bits, raw);
      case SFENCE_W_INVAL, SFENCE_INVAL_IR -> new InvalidationOrder(raw);
      default -> throw new AssertionError(encoding);
    };
  }

  static final class Illegal extends Instruction implements Leaving {
    Illegal(int raw) {
      super(raw);
    }

    @Override
    Instruction execute(Hart h) {
      return illegal(h);
    }
  }

  /// `fence`: plain accesses of the host carry no order between harts, so this is where it comes
  /// from. Only stores before loads cost something on a host that keeps all else in order.
  static final class Fence extends Instruction {
    private static final int READS = 2;
    private static final int WRITES = 1;
    private final boolean full;
    private final boolean acquires;
    private final boolean releases;

    Fence(int bits, int raw) {
      super(raw);
      // What a device sees is ordered as memory is: input as reads, output as writes.
      int before = (bits >>> 24 | bits >>> 26) & 3;
      int after = (bits >>> 20 | bits >>> 22) & 3;
      boolean total = bits >>> 28 != 8;
      full = total && (before & WRITES) != 0 && (after & READS) != 0;
      acquires = !full && (before & READS) != 0;
      releases = !full && (after & WRITES) != 0;
    }

    @Override
    Instruction execute(Hart h) {
      if (h.group.parallel) {
        order();
      }
      return next;
    }

    private void order() {
      if (full) {
        VarHandle.fullFence();
      }
      if (acquires) {
        VarHandle.acquireFence();
      }
      if (releases) {
        VarHandle.releaseFence();
      }
    }
  }

  /// `fence.i`: what is fetched next is looked up anew, and seen as all stores visible to this hart
  /// have left it.
  static final class FetchFence extends Instruction {
    FetchFence(int raw) {
      super(raw);
    }

    @Override
    Instruction execute(Hart h) {
      Rendezvous.synchronizeCode(h);
      return refetched(h);
    }
  }

  /// `pause` and Zawrs: a hart that waits for another one lets it run.
  static final class Pause extends Instruction {
    Pause(int raw) {
      super(raw);
    }

    @Override
    Instruction execute(Hart h) {
      if (h.group.size() > 1) {
        h.giveWay();
      }
      return next;
    }
  }

  static final class EnvironmentCall extends Instruction {
    EnvironmentCall(int raw) {
      super(raw);
    }

    @Override
    Instruction execute(Hart h) {
      SupervisorCalls calls = h.supervisorCalls;
      if (calls != null && h.privilege == Privilege.SUPERVISOR) {
        return h.supervisorCall(calls, this);
      }
      return h.trap(this, Cause.CALL_FROM_U + h.privilege, 0);
    }
  }

  static final class Breakpoint extends Instruction {
    Breakpoint(int raw) {
      super(raw);
    }

    @Override
    Instruction execute(Hart h) {
      return h.trap(this, Cause.BREAKPOINT, pc(h));
    }
  }

  static final class TrapReturn extends Instruction implements Leaving {
    private final boolean machine;

    TrapReturn(Encoding encoding, int raw) {
      super(raw);
      machine = encoding == Encoding.MRET;
    }

    @Override
    Instruction execute(Hart h) {
      boolean allowed =
          h.privilege == Privilege.MACHINE
              || (!machine
                  && h.privilege == Privilege.SUPERVISOR
                  && (h.csrs.mstatus() & Status.TSR) == 0);
      if (!allowed) {
        return illegal(h);
      }
      long to = machine ? h.traps.returnToMachine() : h.traps.returnToSupervisor();
      return h.interruptible(h.jump(to));
    }
  }

  static final class WaitForInterrupt extends Instruction {
    WaitForInterrupt(int raw) {
      super(raw);
    }

    @Override
    Instruction execute(Hart h) {
      boolean allowed =
          h.privilege == Privilege.MACHINE
              || (h.privilege == Privilege.SUPERVISOR && (h.csrs.mstatus() & Status.TW) == 0);
      if (!allowed) {
        return illegal(h);
      }
      h.waitForInterrupt();
      return next;
    }
  }

  /// Not in U-mode, and in S-mode only without TVM.
  static final class TranslationFence extends Instruction {
    private final byte rs1;
    private final byte rs2;

    TranslationFence(int bits, int raw) {
      super(raw);
      rs1 = (byte) rs1(bits);
      rs2 = (byte) rs2(bits);
    }

    @Override
    Instruction execute(Hart h) {
      boolean allowed =
          h.privilege == Privilege.MACHINE
              || (h.privilege == Privilege.SUPERVISOR && (h.csrs.mstatus() & Status.TVM) == 0);
      if (!allowed) {
        return illegal(h);
      }
      if (rs1 != 0) {
        h.mmu.flushAddress(h.x(rs1));
      } else if (rs2 != 0) {
        h.mmu.flushSpace((int) h.x(rs2) & 0xffff);
      } else {
        h.mmu.flushAll();
      }
      return refetched(h);
    }
  }

  static final class InvalidationOrder extends Instruction {
    InvalidationOrder(int raw) {
      super(raw);
    }

    @Override
    Instruction execute(Hart h) {
      return h.privilege == Privilege.USER ? illegal(h) : next;
    }
  }
}
