package brume.node.capacity;

/// The memory of the host that this process may use, in bytes. Guests' memory is mapped outside the
/// Java heap, so the JVM's own limits say nothing here.
public interface MemoryProbe {
  /// Changes seldom or never.
  long totalBytes();

  /// What could be touched now without anything being swapped or killed.
  long availableBytes();
}
