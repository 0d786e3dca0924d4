package brume.hypervisor.cpu;

import brume.hypervisor.memory.PhysicalMemory;

/// One RISC-V hardware thread: RV64GC and the extensions of [HartConfig], M, S and U mode.
///
/// It runs only inside [#run], on one thread at a time. Interrupt lines may be set from any thread;
/// they reach the hart between two instructions.
public final class Hart {
  /// Bits of `mip`, as the privileged specification §3.1.9 numbers them.
  public static final int SSIP = 1, MSIP = 3, STIP = 5, MTIP = 7, SEIP = 9, MEIP = 11;

  private final int id;

  public Hart(int id, PhysicalMemory memory, HartConfig config, TimeSource time) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  /// To the state after reset: M-mode (S-mode with everything delegated when `config` is
  /// paravirtual), at `pc`, `a0` = hart id, `a1` = `argument` (the device tree), all else zero.
  public void reset(long pc, long argument) {
    throw new UnsupportedOperationException();
  }

  /// Runs until about `budget` instructions have retired (a few more are possible, never many), or
  /// the hart waits for an interrupt, or [#requestExit]. Returns how many retired.
  public long run(long budget) {
    throw new UnsupportedOperationException();
  }

  /// True after `wfi` with no interrupt pending: [#run] would return 0.
  public boolean isWaiting() {
    throw new UnsupportedOperationException();
  }

  /// The `time` at which a waiting hart's own timer (`stimecmp`) will fire; Long.MAX_VALUE if
  /// never.
  public long nextTimerTime() {
    throw new UnsupportedOperationException();
  }

  /// Sets or clears an interrupt line (`MSIP`, `MTIP`, `SEIP`, `MEIP`, and, for a paravirtual
  /// machine's IPIs, `SSIP`). Any thread.
  public void setInterrupt(int bit, boolean level) {
    throw new UnsupportedOperationException();
  }

  /// Makes [#run] return soon. Any thread.
  public void requestExit() {
    throw new UnsupportedOperationException();
  }

  public long x(int register) {
    throw new UnsupportedOperationException();
  }

  public void setX(int register, long value) {
    throw new UnsupportedOperationException();
  }

  public long pc() {
    throw new UnsupportedOperationException();
  }

  /// SBI TIME and Sstc meet here: the next timer interrupt of S-mode.
  public void setStimecmp(long time) {
    throw new UnsupportedOperationException();
  }

  /// Forgets translations (`SFENCE.VMA` from afar). Any thread; takes effect before the next
  /// instruction.
  public void requestTranslationFence() {
    throw new UnsupportedOperationException();
  }

  /// Forgets decoded instructions (`FENCE.I` from afar). Any thread.
  public void requestInstructionFence() {
    throw new UnsupportedOperationException();
  }

  /// Instructions retired since reset (`minstret` without the guest's writes to it).
  public long retired() {
    throw new UnsupportedOperationException();
  }
}
