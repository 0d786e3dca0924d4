package brume.scheduler.placement;

import brume.contract.Resources;

/// A node as a plan sees it.
///
/// @param used held by allocations; more than `capacity` where the node shrank
/// @param open true when the node has a lease and takes new work
public record NodeView(
    String nodeId, String zone, Resources capacity, Resources used, boolean open) {

  /// Never negative.
  public Resources free() {
    return new Resources(
        Math.max(0, capacity.vcpu() - used.vcpu()),
        Math.max(0, capacity.memoryMib() - used.memoryMib()));
  }
}
