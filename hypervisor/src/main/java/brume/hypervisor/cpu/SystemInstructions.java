package brume.hypervisor.cpu;

/// Fences, environment calls, returns from traps, waiting, and fences of translations: RISC-V
/// unprivileged §2.7 and §2.8, Zifencei, Zihintpause, Zawrs; privileged §3.3, §12.2, Svinval.
final class SystemInstructions {
  private SystemInstructions() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case FENCE, FENCE_I, PAUSE, WRS_NTO, WRS_STO -> new Ordering(encoding, raw);
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

  /// What orders memory or hints at waiting. Harts take turns, so memory is in order; a hart that
  /// waits for another one lets it run.
  static final class Ordering extends Instruction {
    private final boolean waits;
    private final boolean fetches;

    Ordering(Encoding encoding, int raw) {
      super(raw);
      waits =
          encoding == Encoding.PAUSE
              || encoding == Encoding.WRS_NTO
              || encoding == Encoding.WRS_STO;
      fetches = encoding == Encoding.FENCE_I;
    }

    @Override
    Instruction execute(Hart h) {
      if (fetches) {
        return refetched(h);
      }
      if (waits && h.group.size() > 1) {
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
                  && (h.csrs.mstatus & Status.TSR) == 0);
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
              || (h.privilege == Privilege.SUPERVISOR && (h.csrs.mstatus & Status.TW) == 0);
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
              || (h.privilege == Privilege.SUPERVISOR && (h.csrs.mstatus & Status.TVM) == 0);
      if (!allowed) {
        return illegal(h);
      }
      if (rs1 != 0) {
        h.mmu.flushAddress(h.x[rs1]);
      } else if (rs2 != 0) {
        h.mmu.flushSpace((int) h.x[rs2] & 0xffff);
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
