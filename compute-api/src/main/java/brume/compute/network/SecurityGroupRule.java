package brume.compute.network;

import brume.compute.resource.Resource;
import org.jspecify.annotations.Nullable;

/// One rule of a security group: what may come in, or go out, from or to one peer.
///
/// @param protocol `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all
public record SecurityGroupRule(
    String id,
    String accountId,
    String region,
    String groupId,
    boolean egress,
    String protocol,
    @Nullable Integer fromPort,
    @Nullable Integer toPort,
    @Nullable String cidrIpv4,
    @Nullable String cidrIpv6,
    @Nullable String peerGroupId,
    @Nullable String description)
    implements Resource {

  /// What a rule allows, without whose it is and what is said of it.
  public record Traffic(
      String protocol,
      @Nullable Integer fromPort,
      @Nullable Integer toPort,
      @Nullable String cidrIpv4,
      @Nullable String cidrIpv6,
      @Nullable String peerGroupId) {}

  public SecurityGroupRule with(Traffic other, @Nullable String text) {
    return new SecurityGroupRule(
        id,
        accountId,
        region,
        groupId,
        egress,
        other.protocol(),
        other.fromPort(),
        other.toPort(),
        other.cidrIpv4(),
        other.cidrIpv6(),
        other.peerGroupId(),
        text);
  }

  public Traffic traffic() {
    return new Traffic(protocol, fromPort, toPort, cidrIpv4, cidrIpv6, peerGroupId);
  }
}
