package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What may pass the border of a subnet, by numbered entries; what none names is denied.
public record NetworkAcl(
    String id,
    String accountId,
    String region,
    String vpcId,
    boolean isDefault,
    List<Entry> entries,
    Instant createdAt)
    implements Resource {
  public static final int LAST_NUMBER = 32_767;

  public NetworkAcl {
    entries = List.copyOf(entries);
  }

  /// One entry: the lowest number that fits decides.
  ///
  /// @param protocol a number of IANA's, or `-1` for all
  public record Entry(
      int number,
      boolean egress,
      String protocol,
      boolean allow,
      @Nullable String cidr,
      @Nullable String cidr6,
      @Nullable Integer icmpType,
      @Nullable Integer icmpCode,
      @Nullable Integer fromPort,
      @Nullable Integer toPort) {
    public static Entry ofAll(int number, boolean egress, boolean allow) {
      return new Entry(number, egress, "-1", allow, "0.0.0.0/0", null, null, null, null, null);
    }

    boolean isAt(int otherNumber, boolean otherEgress) {
      return number == otherNumber && egress == otherEgress;
    }
  }

  public NetworkAcl with(List<Entry> newEntries) {
    return new NetworkAcl(id, accountId, region, vpcId, isDefault, newEntries, createdAt);
  }

  /// Which list a subnet follows.
  public record Association(
      String id, String accountId, String region, String networkAclId, String subnetId)
      implements Resource {}
}
