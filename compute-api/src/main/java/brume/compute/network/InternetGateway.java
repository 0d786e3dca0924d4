package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The way out of a virtual network.
public record InternetGateway(
    String id, String accountId, String region, @Nullable String vpcId, Instant createdAt)
    implements Resource {
  public InternetGateway attachedTo(@Nullable String vpc) {
    return new InternetGateway(id, accountId, region, vpc, createdAt);
  }
}
