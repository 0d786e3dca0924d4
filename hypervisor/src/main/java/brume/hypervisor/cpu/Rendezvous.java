package brume.hypervisor.cpu;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/// How harts that run at the same time keep the promises they make each other: fences from afar,
/// and stores into pages that another hart has begun to decode.
///
/// A hart that runs answers only between two instructions, at the latest after a slice; a hart at
/// rest has nothing to answer, as it looks at its [Interrupts#signals] before its first
/// instruction. Who waits for an answer holds no lock and answers what it is asked itself, so two
/// harts that fence each other both go on.
///
/// Decoded code and `fence.i` (Zifencei): after it a hart must fetch what any hart stored before,
/// as far as that hart's store is visible to it. Stores the slow way are reported to [HartGroup];
/// the fast way is closed by [Interrupts#CODE_STORES]: a hart asked so empties its store buffer of
/// pages that have become code, and each such page counts as written then. Until it has answered,
/// decoded code may be older than its stores; so `fence.i` waits for these answers, and nobody else
/// has to.
final class Rendezvous {
  private static final int SPINS = 500;
  private static final long NAP_NANOS = 20_000;

  private Rendezvous() {}

  /// On the hart's own thread, between two instructions: does what others asked for.
  static void answer(Hart hart) {
    Interrupts interrupts = hart.csrs.interrupts;
    long asked = interrupts.signals.get() & Interrupts.ERRANDS;
    if (asked == 0) {
      return;
    }
    interrupts.lower(asked & ~Interrupts.CODE_STORES);
    if ((asked & Interrupts.TRANSLATION_FENCE) != 0) {
      hart.mmu.flushAll();
    }
    if ((asked & Interrupts.CODE_STORES) != 0) {
      hart.group.dropCodeStores(hart);
    }
    hart.refetch |= (asked & ~Interrupts.CODE_STORES) != 0;
    hart.codeStale |= (asked & Interrupts.INSTRUCTION_FENCE) != 0;
    int round = hart.answers + 1;
    hart.answers = round;
  }

  /// What `fence.i` asks for before the next fetch; on the hart's own thread.
  static void synchronizeCode(Hart hart) {
    if (!hart.group.parallel) {
      return;
    }
    VarHandle.fullFence();
    do {
      hart.codeStale = false;
      answer(hart);
      for (Hart other : hart.group.harts) {
        if (other != hart) {
          await(hart, other, Interrupts.CODE_STORES);
        }
      }
      // Another fence asked for meanwhile begins anew.
    } while (hart.codeStale);
  }

  /// Until `target` has answered what of `wishes` it was asked before this call, or is at rest.
  static void await(Hart hart, Hart target, long wishes) {
    // The first answer from here on may have begun before.
    int enough = target.answers + 2;
    for (int tries = 0; ; tries++) {
      if (target.runner == null
          || (target.csrs.interrupts.signals.get() & wishes) == 0
          || target.answers - enough >= 0) {
        return;
      }
      answer(hart);
      // Most slices end in microseconds; a thread that the host has put aside takes longer.
      if (tries < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(NAP_NANOS);
      }
    }
  }
}
