package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A public address that stays the account's until it is released.
public record Address(
    String id,
    String accountId,
    String region,
    String publicIp,
    @Nullable String associationId,
    @Nullable String networkInterfaceId,
    Instant createdAt)
    implements Resource {
  public Address associated(@Nullable String association, @Nullable String networkInterface) {
    return new Address(id, accountId, region, publicIp, association, networkInterface, createdAt);
  }
}
