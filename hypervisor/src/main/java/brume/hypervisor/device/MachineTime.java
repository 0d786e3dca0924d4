package brume.hypervisor.device;

import brume.hypervisor.cpu.TimeSource;

/// `mtime`, which every hart reads as `time`: it runs at the pace of the ticks given, from wherever
/// M-mode has set it (RISC-V privileged §3.2.1).
public final class MachineTime implements TimeSource {
  private final TimeSource ticks;
  private volatile long ahead;

  public MachineTime(TimeSource ticks) {
    this.ticks = ticks;
  }

  @Override
  public long now() {
    return ticks.now() + ahead;
  }

  void set(long value) {
    ahead = value - ticks.now();
  }
}
