package brume.compute.ec2.network;

import brume.compute.ec2.shape.GroupShape;
import brume.compute.ec2.shape.PrivateNames;
import brume.compute.ec2.shape.PublicNames;
import brume.compute.ec2.shape.Tag;
import brume.compute.network.Address;
import brume.compute.network.NetworkInterface;
import brume.compute.resource.Tagged;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A network interface as EC2 shows it.
record InterfaceShape(
    String networkInterfaceId,
    String subnetId,
    String vpcId,
    String availabilityZone,
    String description,
    String ownerId,
    boolean requesterManaged,
    String status,
    String macAddress,
    String privateIpAddress,
    String privateDnsName,
    boolean sourceDestCheck,
    List<GroupShape> groupSet,
    @Nullable AttachmentShape attachment,
    @Nullable AssociationShape association,
    List<AddressShape> privateIpAddressesSet,
    List<String> ipv6AddressesSet,
    String interfaceType,
    List<Tag> tagSet) {

  record AttachmentShape(
      String attachmentId,
      String instanceId,
      String instanceOwnerId,
      int deviceIndex,
      int networkCardIndex,
      String status,
      @Nullable Instant attachTime,
      boolean deleteOnTermination) {
    static @Nullable AttachmentShape of(NetworkInterface card) {
      String instance = card.instanceId();
      Integer index = card.deviceIndex();
      return instance == null
          ? null
          : new AttachmentShape(
              String.valueOf(card.attachmentId()),
              instance,
              card.accountId(),
              index == null ? 0 : index,
              0,
              "attached",
              card.attachedAt(),
              card.deleteOnTermination());
    }
  }

  record AssociationShape(
      String publicIp,
      String publicDnsName,
      String ipOwnerId,
      @Nullable String allocationId,
      @Nullable String associationId) {
    static @Nullable AssociationShape of(@Nullable Address address) {
      return address == null
          ? null
          : new AssociationShape(
              address.publicIp(),
              PublicNames.of(address.publicIp(), address.region()),
              address.ipOwner(),
              address.shownId(),
              address.shownAssociationId());
    }
  }

  record AddressShape(
      String privateIpAddress,
      String privateDnsName,
      boolean primary,
      @Nullable AssociationShape association) {}

  static String status(NetworkInterface card) {
    return card.instanceId() == null ? "available" : "in-use";
  }

  static List<GroupShape> groups(NetworkInterface card, Map<String, String> names) {
    return card.securityGroups().stream()
        .map(id -> new GroupShape(id, names.getOrDefault(id, "")))
        .toList();
  }

  static InterfaceShape of(
      Tagged<NetworkInterface> tagged, Map<String, String> names, @Nullable Address address) {
    NetworkInterface card = tagged.row();
    AssociationShape association = AssociationShape.of(address);
    List<AddressShape> addresses = new ArrayList<>();
    for (String ip : card.privateIps()) {
      boolean first = addresses.isEmpty();
      addresses.add(
          new AddressShape(
              ip, PrivateNames.of(ip, card.region()), first, first ? association : null));
    }
    return new InterfaceShape(
        card.id(),
        card.subnetId(),
        card.vpcId(),
        card.zone(),
        card.description(),
        card.accountId(),
        false,
        status(card),
        card.macAddress(),
        card.privateIp(),
        PrivateNames.of(card.privateIp(), card.region()),
        card.sourceDestCheck(),
        groups(card, names),
        AttachmentShape.of(card),
        association,
        addresses,
        List.of(),
        "interface",
        Tag.of(tagged.tags()));
  }

  /// As the answer to its making shows it.
  InterfaceShape pending() {
    return new InterfaceShape(
        networkInterfaceId,
        subnetId,
        vpcId,
        availabilityZone,
        description,
        ownerId,
        requesterManaged,
        "pending",
        macAddress,
        privateIpAddress,
        privateDnsName,
        sourceDestCheck,
        groupSet,
        attachment,
        association,
        privateIpAddressesSet,
        ipv6AddressesSet,
        interfaceType,
        tagSet);
  }
}
