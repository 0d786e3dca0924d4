package brume.compute.network;

import brume.compute.resource.Resource;
import brume.compute.table.Parts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A virtual network.
///
/// @param cidrBlock its first one, which it keeps
/// @param dhcpOptionsId null for the cloud's own
/// @param moreBlocks what it has beside the first
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
    @Nullable String dhcpOptionsId,
    List<Block> moreBlocks)
    implements Resource {
  /// How many it has at most, the first one too.
  public static final int BLOCKS_MAX = 5;

  public Vpc {
    moreBlocks = List.copyOf(moreBlocks);
  }

  /// A block, and the id of its being the network's.
  public record Block(String id, String cidrBlock) {}

  /// All, the first one first.
  public List<Block> blocks() {
    List<Block> all = new ArrayList<>();
    all.add(new Block(id.replace("vpc-", "vpc-cidr-assoc-"), cidrBlock));
    all.addAll(moreBlocks);
    return List.copyOf(all);
  }

  public Vpc withMoreBlocks(List<Block> blocks) {
    return Parts.with(this, "moreBlocks", blocks);
  }

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
        dhcpOptionsId,
        moreBlocks);
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
        options,
        moreBlocks);
  }

  /// The id of what hosts are told by DHCP.
  public String dhcpOptions() {
    return dhcpOptionsId == null ? DhcpOptions.USUAL : dhcpOptionsId;
  }
}
