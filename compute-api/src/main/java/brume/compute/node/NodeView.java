package brume.compute.node;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node as operators of the cloud see it.
///
/// @param largestType the largest of the types on offer that it has room for now; null where it has
///   room for none or takes no new work
/// @param vms what it holds capacity for, the newest first and no more than 200 of them
public record NodeView(
    String id,
    String name,
    String zone,
    String address,
    boolean ready,
    boolean draining,
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
