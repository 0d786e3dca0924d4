package brume.scheduler.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A node's row, as its writers need it.
///
/// @param bootId null until its first report
/// @param eventSequence the last event of that boot that is durable
/// @param reportMonotonic when, on the node's own clock, its last accepted report was made
public record NodeRecord(
    String id,
    String name,
    boolean ready,
    @Nullable String bootId,
    long eventSequence,
    @Nullable Long reportMonotonic,
    @Nullable Instant countersAt,
    @Nullable Instant lastHeartbeatAt,
    @Nullable Instant leaseExpiresAt) {}
