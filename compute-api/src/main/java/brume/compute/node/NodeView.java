package brume.compute.node;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node as operators of the cloud see it.
///
/// @param availability what its operators want of it, one of [Availability]
/// @param draining whether it takes no new work because of that: the scheduler follows in a moment
/// @param largestType the largest of the types on offer that it has room for now; null where it has
///   room for none or takes no new work
/// @param vms what it holds capacity for, the newest first and no more than 200 of them
public record NodeView(
    String id,
    String name,
    String zone,
    String address,
    boolean ready,
    String availability,
    boolean draining,
    @Nullable Drain drain,
    int vcpu,
    int vcpuUsed,
    int memoryMib,
    int memoryMibUsed,
    int instances,
    @Nullable String largestType,
    List<NodeVm> vms,
    Instant registeredAt,
    @Nullable Instant lastHeartbeatAt,
    @Nullable Instant leaseExpiresAt) {
  public NodeView {
    vms = List.copyOf(vms);
  }

  /// How far a node is with being emptied.
  ///
  /// @param startedWith how many instances it held when it began
  /// @param waitsFor why the next one can't leave yet; null where nothing hinders
  public record Drain(Instant startedAt, int startedWith, @Nullable String waitsFor) {}

  /// One VM of a node.
  ///
  /// @param state of the VM, which is the node's and not the instance's
  public record NodeVm(
      String instanceId,
      String accountId,
      String type,
      int vcpu,
      int memoryMib,
      String state,
      Instant since) {}
}
