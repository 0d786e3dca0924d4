package brume.hypervisor.device;

import brume.hypervisor.memory.AccessFault;
import brume.hypervisor.memory.MmioDevice;

/// The test device of SiFive's machines, which Linux and OpenSBI use through `syscon-poweroff` and
/// `syscon-reboot`: one register; 0x5555 powers off, 0x3333 powers off with the status of the upper
/// half, 0x7777 resets. Other values are ignored.
public final class Syscon implements MmioDevice {
  public static final int POWER_OFF = 0x5555, FAIL = 0x3333, RESET = 0x7777;

  private final PowerControl power;

  public Syscon(PowerControl power) {
    this.power = power;
  }

  @Override
  public long load(long offset, int bytes) {
    requireWord(offset, bytes);
    return 0;
  }

  @Override
  public void store(long offset, int bytes, long value) {
    requireWord(offset, bytes);
    if (offset != 0) {
      return;
    }
    switch ((int) value & 0xffff) {
      case POWER_OFF -> power.powerOff(0);
      case FAIL -> power.powerOff(bytes == 4 ? (int) (value >> 16) & 0xffff : 0);
      case RESET -> power.reset();
      default -> {}
    }
  }

  private static void requireWord(long offset, int bytes) {
    if (bytes != 4 && bytes != 2) {
      throw new AccessFault(MemoryMap.SYSCON + offset);
    }
  }
}
