package brume.compute.placement;

import brume.compute.resource.Resource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A placement group.
///
/// @param partitions for the strategy `partition`
public record PlacementGroup(
    String id,
    String accountId,
    String region,
    String name,
    String strategy,
    @Nullable Integer partitions,
    Instant createdAt)
    implements Resource {}
