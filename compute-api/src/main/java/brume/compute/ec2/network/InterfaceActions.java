package brume.compute.ec2.network;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.GroupShape;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.shape.Value;
import brume.compute.ec2.wire.Required;
import brume.compute.launch.InstanceActs;
import brume.compute.network.InterfaceCommands;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.network.SecurityGroup;
import brume.compute.resource.Tagged;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateNetworkInterface, Attach-, Detach-, Delete- and DescribeNetworkInterface(s),
/// ModifyNetworkInterfaceAttribute.
@Component
class InterfaceActions implements Ec2Actions {
  private static final Filters<Tagged<NetworkInterface>> FILTERS =
      new Filters<Tagged<NetworkInterface>>()
          .on("network-interface-id", card -> card.row().id())
          .on("subnet-id", card -> card.row().subnetId())
          .on("vpc-id", card -> card.row().vpcId())
          .on("availability-zone", card -> card.row().zone())
          .on("description", card -> card.row().description())
          .on("mac-address", card -> card.row().macAddress())
          .on("owner-id", card -> card.row().accountId())
          .on("private-ip-address", card -> card.row().privateIp())
          .on("addresses.private-ip-address", card -> card.row().privateIp())
          .on("source-dest-check", card -> card.row().sourceDestCheck())
          .on("status", card -> status(card.row()))
          .on("interface-type", card -> "interface")
          .on("attachment.attachment-id", card -> card.row().attachmentId())
          .on("attachment.instance-id", card -> card.row().instanceId())
          .on("attachment.device-index", card -> card.row().deviceIndex())
          .on("attachment.status", card -> card.row().instanceId() == null ? null : "attached")
          .onAny("group-id", card -> card.row().securityGroups().stream())
          .onTags(Tagged::tags);

  private final NetworkTables tables;
  private final InterfaceCommands commands;
  private final InstanceActs instances;
  private final Defaults defaults;

  InterfaceActions(
      NetworkTables tables, InterfaceCommands commands, InstanceActs instances, Defaults defaults) {
    this.tables = tables;
    this.commands = commands;
    this.instances = instances;
    this.defaults = defaults;
  }

  private static String status(NetworkInterface card) {
    return card.instanceId() == null ? "available" : "in-use";
  }

  record AttachmentShape(
      String attachmentId,
      String instanceId,
      String instanceOwnerId,
      int deviceIndex,
      String status,
      @Nullable Instant attachTime,
      boolean deleteOnTermination) {}

  record AddressShape(String privateIpAddress, boolean primary) {}

  record CardShape(
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
      boolean sourceDestCheck,
      List<GroupShape> groupSet,
      @Nullable AttachmentShape attachment,
      List<AddressShape> privateIpAddressesSet,
      List<String> ipv6AddressesSet,
      String interfaceType,
      List<Tag> tagSet) {}

  private static CardShape shape(Tagged<NetworkInterface> tagged, Map<String, String> names) {
    NetworkInterface card = tagged.row();
    String instance = card.instanceId();
    Integer index = card.deviceIndex();
    return new CardShape(
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
        card.sourceDestCheck(),
        card.securityGroups().stream()
            .map(id -> new GroupShape(id, names.getOrDefault(id, "")))
            .toList(),
        instance == null
            ? null
            : new AttachmentShape(
                String.valueOf(card.attachmentId()),
                instance,
                card.accountId(),
                index == null ? 0 : index,
                "attached",
                card.attachedAt(),
                card.deleteOnTermination()),
        List.of(new AddressShape(card.privateIp(), true)),
        List.of(),
        "interface",
        Tag.of(tagged.tags()));
  }

  private Map<String, String> names(Ec2Call call) {
    return tables.groups.all(call.scope()).stream()
        .collect(Collectors.toMap(SecurityGroup::id, SecurityGroup::name));
  }

  record CreateNetworkInterface(
      @Required String subnetId,
      @Nullable String description,
      @Nullable String privateIpAddress,
      List<String> securityGroupId,
      @Nullable String interfaceType,
      @Nullable String clientToken,
      List<TagSpecification> tagSpecification) {}

  record CreateNetworkInterfaceAnswer(CardShape networkInterface) {}

  public CreateNetworkInterfaceAnswer createNetworkInterface(
      Ec2Call call, CreateNetworkInterface request) {
    defaults.ensure(call);
    Tagged<NetworkInterface> made =
        commands.create(
            call.scope(),
            new InterfaceCommands.Wanted(
                request.subnetId(),
                request.description() == null ? "" : request.description(),
                request.securityGroupId(),
                request.privateIpAddress()),
            TagSpecification.of("network-interface", request.tagSpecification()));
    return new CreateNetworkInterfaceAnswer(shape(made, names(call)));
  }

  record AttachNetworkInterface(
      @Required String networkInterfaceId,
      @Required String instanceId,
      @Required Integer deviceIndex,
      @Nullable Integer networkCardIndex) {}

  record AttachNetworkInterfaceAnswer(String attachmentId, int networkCardIndex) {}

  public AttachNetworkInterfaceAnswer attachNetworkInterface(
      Ec2Call call, AttachNetworkInterface request) {
    instances.lock(call.scope(), request.instanceId());
    return new AttachNetworkInterfaceAnswer(
        commands.attach(
            call.scope(),
            request.networkInterfaceId(),
            request.instanceId(),
            request.deviceIndex()),
        0);
  }

  record DetachNetworkInterface(@Required String attachmentId, @Nullable Boolean force) {}

  public Done detachNetworkInterface(Ec2Call call, DetachNetworkInterface request) {
    commands.detach(call.scope(), request.attachmentId());
    return Done.TRUE;
  }

  record DeleteNetworkInterface(@Required String networkInterfaceId) {}

  public Done deleteNetworkInterface(Ec2Call call, DeleteNetworkInterface request) {
    commands.delete(call.scope(), request.networkInterfaceId());
    return Done.TRUE;
  }

  record ModifyNetworkInterfaceAttribute(
      @Required String networkInterfaceId,
      Value.@Nullable OfText description,
      Value.@Nullable OfBoolean sourceDestCheck,
      List<String> securityGroupId) {}

  public Done modifyNetworkInterfaceAttribute(
      Ec2Call call, ModifyNetworkInterfaceAttribute request) {
    commands.change(
        call.scope(),
        request.networkInterfaceId(),
        request.description() == null ? null : request.description().value(),
        request.securityGroupId(),
        request.sourceDestCheck() == null ? null : request.sourceDestCheck().value());
    return Done.TRUE;
  }

  record DescribeNetworkInterfaces(
      List<String> networkInterfaceId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeNetworkInterfacesAnswer(
      List<CardShape> networkInterfaceSet, @Nullable String nextToken) {}

  public DescribeNetworkInterfacesAnswer describeNetworkInterfaces(
      Ec2Call call, DescribeNetworkInterfaces request) {
    Map<String, String> names = names(call);
    Pages.Page<Tagged<NetworkInterface>> page =
        Listing.of(
            call,
            tables.interfaces,
            FILTERS,
            new Listing.Asked(
                request.networkInterfaceId(),
                request.filter(),
                request.maxResults(),
                request.nextToken()));
    return new DescribeNetworkInterfacesAnswer(
        page.items().stream().map(card -> shape(card, names)).toList(), page.nextToken());
  }
}
