package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A network card, attached to an instance or waiting for one.
///
/// @param address IPv4 as a number
/// @param securityGroups ids
/// @param secondaryAddresses beside the first one, as numbers
public record NetworkInterface(
    String id,
    String accountId,
    String region,
    String vpcId,
    String subnetId,
    String zone,
    String description,
    long address,
    String macAddress,
    List<String> securityGroups,
    boolean sourceDestCheck,
    @Nullable String attachmentId,
    @Nullable String instanceId,
    @Nullable Integer deviceIndex,
    @Nullable Instant attachedAt,
    boolean deleteOnTermination,
    Instant createdAt,
    List<Long> secondaryAddresses)
    implements Resource {
  public NetworkInterface {
    securityGroups = List.copyOf(securityGroups);
    secondaryAddresses = List.copyOf(secondaryAddresses);
  }

  /// What it hangs on.
  public record Attachment(String id, String instanceId, int deviceIndex, Instant at) {}

  public String privateIp() {
    return Cidr.text(address);
  }

  /// The first one first.
  public List<String> privateIps() {
    return LongStream.concat(
            LongStream.of(address), secondaryAddresses.stream().mapToLong(Long::longValue))
        .mapToObj(Cidr::text)
        .toList();
  }

  public NetworkInterface withSecondary(List<Long> addresses) {
    return new NetworkInterface(
        id,
        accountId,
        region,
        vpcId,
        subnetId,
        zone,
        description,
        address,
        macAddress,
        securityGroups,
        sourceDestCheck,
        attachmentId,
        instanceId,
        deviceIndex,
        attachedAt,
        deleteOnTermination,
        createdAt,
        addresses);
  }

  public NetworkInterface attached(@Nullable Attachment to, boolean deleteWithInstance) {
    return new NetworkInterface(
        id,
        accountId,
        region,
        vpcId,
        subnetId,
        zone,
        description,
        address,
        macAddress,
        securityGroups,
        sourceDestCheck,
        to == null ? null : to.id(),
        to == null ? null : to.instanceId(),
        to == null ? null : to.deviceIndex(),
        to == null ? null : to.at(),
        deleteWithInstance,
        createdAt,
        secondaryAddresses);
  }

  public NetworkInterface with(String newDescription, List<String> groups, boolean check) {
    return new NetworkInterface(
        id,
        accountId,
        region,
        vpcId,
        subnetId,
        zone,
        newDescription,
        address,
        macAddress,
        groups,
        check,
        attachmentId,
        instanceId,
        deviceIndex,
        attachedAt,
        deleteOnTermination,
        createdAt,
        secondaryAddresses);
  }
}
