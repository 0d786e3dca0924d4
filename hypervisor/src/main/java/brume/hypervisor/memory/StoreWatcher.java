package brume.hypervisor.memory;

/// Hears of stores to a watched place, after they were done.
@FunctionalInterface
public interface StoreWatcher {
  /// A hart has stored `bytes` bytes (1, 2, 4 or 8) at physical `address`.
  void stored(long address, int bytes);
}
