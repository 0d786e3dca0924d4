package brume.hypervisor.cpu;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/// What is pending, what is enabled, and what may interrupt now: RISC-V privileged §3.1.9, §12.1.3,
/// and Sstc. Lines from other threads, and their other wishes, arrive in one word.
final class Interrupts {
  static final long EXIT = 1L << 32;
  static final long TRANSLATION_FENCE = 1L << 33;
  static final long INSTRUCTION_FENCE = 1L << 34;

  /// Pages have become code that the store buffer may hold: see [Rendezvous].
  static final long CODE_STORES = 1L << 35;

  /// What [Rendezvous] answers.
  static final long ERRANDS = TRANSLATION_FENCE | INSTRUCTION_FENCE | CODE_STORES;

  static final long WISHES = EXIT | ERRANDS;

  /// §3.1.9: MEI, MSI, MTI, SEI, SSI, STI.
  private static final int[] PRIORITY = {
    Hart.MEIP, Hart.MSIP, Hart.MTIP, Hart.SEIP, Hart.SSIP, Hart.STIP
  };

  private final Hart hart;
  private final Csrs csrs;
  private final TimeSource time;

  /// Lines by their bit in `mip`, and wishes above them.
  final AtomicLong signals = new AtomicLong();

  private long mie;

  /// SEIP and STIP as M-mode's software set them.
  private long software;

  private long stimecmp;
  private boolean timerFired;

  Interrupts(Hart hart, Csrs csrs, TimeSource time) {
    this.hart = hart;
    this.csrs = csrs;
    this.time = time;
  }

  void reset() {
    mie = 0;
    software = 0;
    stimecmp = -1;
    timerFired = false;
    signals.getAndUpdate(word -> word & ~(1L << Hart.SSIP | TRANSLATION_FENCE | INSTRUCTION_FENCE));
  }

  void setLine(int bit, boolean level) {
    long lines = Csrs.SUPERVISOR_INTERRUPTS | Csrs.MACHINE_INTERRUPTS;
    if (bit == Hart.STIP || lines >>> bit << 63 == 0) {
      throw new IllegalArgumentException("no interrupt line has bit " + bit + " of mip");
    }
    if (level) {
      raise(1L << bit);
    } else {
      lower(1L << bit);
    }
  }

  void raise(long bits) {
    // What the caller stored before must be there for whoever takes this one, even if it was raised
    // already: that it need not be raised again is only seen to spare others' caches.
    VarHandle.fullFence();
    if ((signals.get() & bits) != bits
        && (signals.getAndUpdate(word -> word | bits) & bits) != bits) {
      hart.callAttention();
    }
  }

  void lower(long bits) {
    if ((signals.get() & bits) != 0) {
      signals.getAndUpdate(word -> word & ~bits);
    }
  }

  long enabled() {
    return mie;
  }

  void writeEnabled(long value, long writable) {
    mie = (mie & ~writable) | (value & writable);
  }

  /// `mip` with the timer as it was last looked at.
  long pending() {
    long word = signals.get() & (Csrs.SUPERVISOR_INTERRUPTS | Csrs.MACHINE_INTERRUPTS);
    if ((csrs.menvcfg & Csrs.STCE) == 0) {
      return word | software;
    }
    return word | (software & 1 << Hart.SEIP) | (timerFired ? 1 << Hart.STIP : 0);
  }

  long pendingNow() {
    lookAtTimer();
    return pending();
  }

  /// What CSRRS and CSRRC change in `mip`: of SEIP only software's part (§3.1.9).
  long pendingForUpdate() {
    return (pendingNow() & ~(1L << Hart.SEIP)) | (software & 1 << Hart.SEIP);
  }

  /// STIP is not software's while Sstc drives it.
  void writePending(long value, long writable) {
    long ssip = 1 << Hart.SSIP;
    if ((writable & ssip) != 0) {
      if ((value & ssip) != 0) {
        raise(ssip);
      } else {
        lower(ssip);
      }
    }
    long mine = writable & (1 << Hart.SEIP | 1 << Hart.STIP);
    if ((csrs.menvcfg & Csrs.STCE) != 0) {
      mine &= ~(1 << Hart.STIP);
    }
    software = (software & ~mine) | (value & mine);
  }

  long stimecmp() {
    return stimecmp;
  }

  void setStimecmp(long value) {
    stimecmp = value;
    lookAtTimer();
  }

  void lookAtTimer() {
    timerFired = Long.compareUnsigned(time.now(), stimecmp) >= 0;
  }

  /// When a waiting hart's own timer will fire.
  long nextTimerTime() {
    boolean wakes = (csrs.menvcfg & Csrs.STCE) != 0 && (mie & 1 << Hart.STIP) != 0;
    return wakes && stimecmp >= 0 ? stimecmp : Long.MAX_VALUE;
  }

  /// Whether a waiting hart goes on: something enabled is pending, whatever `mstatus` says
  /// (§3.3.3).
  boolean wakes() {
    return (pendingNow() & mie) != 0;
  }

  /// The interrupt to take now, or -1.
  int deliverable() {
    long ready = pending() & mie;
    if (ready == 0) {
      return -1;
    }
    int privilege = hart.privilege;
    long machine = ready & ~csrs.mideleg;
    if (machine != 0 && (privilege < Privilege.MACHINE || (csrs.mstatus() & Status.MIE) != 0)) {
      return highest(machine);
    }
    long supervisor = ready & csrs.mideleg;
    if (supervisor != 0
        && (privilege < Privilege.SUPERVISOR
            || (privilege == Privilege.SUPERVISOR && (csrs.mstatus() & Status.SIE) != 0))) {
      return highest(supervisor);
    }
    return -1;
  }

  private static int highest(long ready) {
    for (int bit : PRIORITY) {
      if ((ready >>> bit & 1) != 0) {
        return bit;
      }
    }
    throw new AssertionError(ready);
  }
}
