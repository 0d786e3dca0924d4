package brume.hypervisor.device;

import brume.hypervisor.memory.AccessFault;
import brume.hypervisor.memory.MmioDevice;
import java.util.Arrays;

/// Software interrupts and timers of M-mode: the MSWI and MTIMER devices of the RISC-V ACLINT
/// specification, laid out as the SiFive CLINT. Who reads `mtime` finds the interrupts that it asks
/// for pending.
public final class Aclint implements MmioDevice, TimedDevice {
  private static final int MTIMECMP = 0x4000, MTIME = 0xbff8;

  private final MachineTime time;
  private final InterruptLine[] software;
  private final InterruptLine[] timer;
  private final boolean[] softwarePending;
  private final long[] compare;

  public Aclint(MachineTime time, InterruptLine[] software, InterruptLine[] timer) {
    this.time = time;
    this.software = software.clone();
    this.timer = timer.clone();
    this.softwarePending = new boolean[software.length];
    this.compare = new long[timer.length];
    Arrays.fill(compare, -1L);
  }

  @Override
  public long load(long offset, int bytes) {
    if (offset >= MTIME) {
      long now = time.now();
      advance(now);
      return part(now, offset - MTIME, bytes);
    }
    if (offset >= MTIMECMP) {
      int hart = (int) (offset - MTIMECMP) >> 3;
      return hart < compare.length ? part(compare[hart], offset & 7, bytes) : 0;
    }
    requireWords(offset, bytes);
    int hart = (int) offset >> 2;
    return bytes == 4 ? pending(hart) : pending(hart) | pending(hart + 1) << 32;
  }

  private long pending(int hart) {
    return hart < software.length && softwarePending[hart] ? 1 : 0;
  }

  @Override
  public void store(long offset, int bytes, long value) {
    if (offset >= MTIME) {
      time.set(merged(time.now(), offset - MTIME, bytes, value));
      advance(time.now());
      return;
    }
    if (offset >= MTIMECMP) {
      int hart = (int) (offset - MTIMECMP) >> 3;
      long wanted = merged(hart < compare.length ? compare[hart] : 0, offset & 7, bytes, value);
      if (hart < compare.length) {
        compare[hart] = wanted;
        advance(time.now());
      }
      return;
    }
    requireWords(offset, bytes);
    int hart = (int) offset >> 2;
    setPending(hart, value);
    if (bytes == 8) {
      setPending(hart + 1, value >>> 32);
    }
  }

  private void setPending(int hart, long value) {
    if (hart < software.length) {
      softwarePending[hart] = (value & 1) != 0;
      software[hart].set(softwarePending[hart]);
    }
  }

  @Override
  public long nextDeadline() {
    long next = Long.MAX_VALUE;
    for (int hart = 0; hart < compare.length; hart++) {
      next = Math.min(next, nextDeadline(hart));
    }
    return next;
  }

  /// Of one hart, and only if still to come: a comparison that has passed keeps its interrupt up
  /// and asks for nothing more.
  public long nextDeadline(int hart) {
    long at = compare[hart];
    return Long.compareUnsigned(at, time.now()) > 0 && at > 0 ? at : Long.MAX_VALUE;
  }

  @Override
  public void advance(long now) {
    for (int hart = 0; hart < compare.length; hart++) {
      timer[hart].set(Long.compareUnsigned(now, compare[hart]) >= 0);
    }
  }

  /// The register after a store of a word or of all of it.
  private static long merged(long register, long within, int bytes, long value) {
    part(register, within, bytes);
    if (bytes == 8) {
      return value;
    }
    int shift = (int) within * 8;
    long mask = 0xffff_ffffL << shift;
    return (register & ~mask) | ((value << shift) & mask);
  }

  private static long part(long register, long within, int bytes) {
    if (bytes == 8 && within == 0) {
      return register;
    }
    if (bytes == 4 && (within == 0 || within == 4)) {
      return register >>> (within * 8) & 0xffff_ffffL;
    }
    throw new AccessFault(within);
  }

  /// Programs for RV64 store whole registers: a doubleword is the words of two harts.
  private static void requireWords(long offset, int bytes) {
    if (bytes < 4 || (offset & (bytes - 1)) != 0) {
      throw new AccessFault(MemoryMap.ACLINT + offset);
    }
  }
}
