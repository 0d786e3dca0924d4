package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;

/// A part of a virtual network, in one zone.
///
/// @param zone by its full name
public record Subnet(
    String id,
    String accountId,
    String region,
    String vpcId,
    String zone,
    String cidrBlock,
    boolean defaultForZone,
    boolean mapPublicIp,
    Instant createdAt)
    implements Resource {
  public Subnet withMapPublicIp(boolean map) {
    return new Subnet(
        id, accountId, region, vpcId, zone, cidrBlock, defaultForZone, map, createdAt);
  }
}
