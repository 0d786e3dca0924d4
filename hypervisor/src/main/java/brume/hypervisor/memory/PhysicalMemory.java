package brume.hypervisor.memory;

/// The physical address space of one machine: its RAM and its devices.
public final class PhysicalMemory {
  private final GuestRam ram;

  public PhysicalMemory(GuestRam ram) {
    this.ram = ram;
  }

  public GuestRam ram() {
    return ram;
  }

  /// Puts a device at `[base, base + length)`. Throws IllegalArgumentException where it would
  /// overlap.
  public void map(long base, long length, MmioDevice device) {
    throw new UnsupportedOperationException();
  }

  /// The slow, general access: RAM or device. `bytes` is 1, 2, 4 or 8. Throws [AccessFault].
  public long load(long address, int bytes) {
    throw new UnsupportedOperationException();
  }

  public void store(long address, int bytes, long value) {
    throw new UnsupportedOperationException();
  }

  /// Calls `watcher` after each store by a hart that touches the 8 bytes at `address` (HTIF's
  /// `tohost`).
  public void watch(long address, Runnable watcher) {
    throw new UnsupportedOperationException();
  }
}
