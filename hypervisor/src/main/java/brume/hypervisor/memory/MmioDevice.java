package brume.hypervisor.memory;

/// A device that the guest sees as registers in its physical address space. Called by a hart
/// between two instructions, one hart at a time, with `offset` within the device's window and
/// `bytes` 1, 2, 4 or 8, naturally aligned. Values are zero-extended.
public interface MmioDevice {
  /// Throws [AccessFault] for a width or offset that the device does not answer.
  long load(long offset, int bytes);

  void store(long offset, int bytes, long value);
}
