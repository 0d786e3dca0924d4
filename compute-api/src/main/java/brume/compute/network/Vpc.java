package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;

/// A virtual network.
public record Vpc(
    String id,
    String accountId,
    String region,
    String cidrBlock,
    boolean isDefault,
    String tenancy,
    boolean dnsSupport,
    boolean dnsHostnames,
    Instant createdAt)
    implements Resource {
  public Vpc withDns(boolean support, boolean hostnames) {
    return new Vpc(
        id, accountId, region, cidrBlock, isDefault, tenancy, support, hostnames, createdAt);
  }
}
