package brume.compute.node;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A node as operators of the cloud see it.
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
    Instant registeredAt,
    @Nullable Instant lastHeartbeatAt,
    @Nullable Instant leaseExpiresAt) {}
