package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A virtual network.
///
/// @param dhcpOptionsId null for the cloud's own
public record Vpc(
    String id,
    String accountId,
    String region,
    String cidrBlock,
    boolean isDefault,
    String tenancy,
    boolean dnsSupport,
    boolean dnsHostnames,
    Instant createdAt,
    @Nullable String dhcpOptionsId)
    implements Resource {
  public Vpc withDns(boolean support, boolean hostnames) {
    return new Vpc(
        id,
        accountId,
        region,
        cidrBlock,
        isDefault,
        tenancy,
        support,
        hostnames,
        createdAt,
        dhcpOptionsId);
  }

  public Vpc withDhcpOptions(@Nullable String options) {
    return new Vpc(
        id,
        accountId,
        region,
        cidrBlock,
        isDefault,
        tenancy,
        dnsSupport,
        dnsHostnames,
        createdAt,
        options);
  }

  /// The id of what hosts are told by DHCP.
  public String dhcpOptions() {
    return dhcpOptionsId == null ? DhcpOptions.USUAL : dhcpOptionsId;
  }
}
