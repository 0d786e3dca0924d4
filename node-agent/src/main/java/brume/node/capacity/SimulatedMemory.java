package brume.node.capacity;

/// The memory of a node whose VMs are simulated and take none: there is always enough of it, so
/// that only what the node offers bounds them.
///
/// @param host whose size a node offers a share of, where it is not told what to offer
public record SimulatedMemory(MemoryProbe host) implements MemoryProbe {
  @Override
  public long totalBytes() {
    return host.totalBytes();
  }

  @Override
  public long availableBytes() {
    return Long.MAX_VALUE;
  }
}
