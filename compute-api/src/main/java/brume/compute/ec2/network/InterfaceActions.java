package brume.compute.ec2.network;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.PrivateNames;
import brume.compute.ec2.shape.PublicNames;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Once;
import brume.compute.ec2.wire.Required;
import brume.compute.launch.InstanceActs;
import brume.compute.network.Address;
import brume.compute.network.InterfaceCommands;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.network.SecurityGroup;
import brume.compute.resource.Tagged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateNetworkInterface, Attach-, Detach-, Delete- and DescribeNetworkInterface(s).
@Component
class InterfaceActions implements Ec2Actions {
  /// One that came with a launch is there while the instance is to run.
  private static final String SHOWN_ADDRESS =
      "network_interface_id IS NOT NULL AND (NOT automatic OR EXISTS"
          + " (SELECT FROM compute.network_interface n JOIN compute.instance i ON i.id = n.instance_id"
          + " WHERE n.id = network_interface_id AND i.intent = 'RUN'))";

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

  private Map<String, String> names(Ec2Call call) {
    return tables.groups.all(call.scope()).stream()
        .collect(Collectors.toMap(SecurityGroup::id, SecurityGroup::name));
  }

  record PrivateIpShape(@Nullable Boolean primary, @Nullable String privateIpAddress) {}

  @NotHere({
    "Ipv4Prefix",
    "Ipv4PrefixCount",
    "Ipv6Prefix",
    "Ipv6PrefixCount",
    "EnablePrimaryIpv6",
    "ConnectionTrackingSpecification",
    "Operator",
    "Ipv6Addresses"
  })
  record CreateNetworkInterface(
      @Required String subnetId,
      @Nullable String description,
      @Nullable String privateIpAddress,
      List<PrivateIpShape> privateIpAddresses,
      @Nullable Integer secondaryPrivateIpAddressCount,
      @Nullable Integer ipv6AddressCount,
      List<String> securityGroupId,
      @Nullable String interfaceType,
      @Once @Nullable String clientToken,
      List<TagSpecification> tagSpecification) {}

  record CreateNetworkInterfaceAnswer(
      InterfaceShape networkInterface, @Nullable String clientToken) {}

  public CreateNetworkInterfaceAnswer createNetworkInterface(
      Ec2Call call, CreateNetworkInterface request) {
    if (request.interfaceType() != null && !request.interfaceType().equals("interface")) {
      throw Ec2Fault.unsupported("There are interfaces only: leave InterfaceType out.");
    }
    if (request.ipv6AddressCount() != null && request.ipv6AddressCount() > 0) {
      throw Ec2Fault.unsupported("There are no IPv6 addresses: leave Ipv6AddressCount out.");
    }
    defaults.ensure(call);
    Tagged<NetworkInterface> made =
        commands.create(
            call.scope(),
            wanted(request),
            TagSpecification.of("network-interface", request.tagSpecification()));
    return new CreateNetworkInterfaceAnswer(
        InterfaceShape.of(made, names(call), null).pending(), request.clientToken());
  }

  private static InterfaceCommands.Wanted wanted(CreateNetworkInterface request) {
    Integer count = request.secondaryPrivateIpAddressCount();
    if (count != null && (count < 0 || count >= InterfaceCommands.ADDRESSES_MAX)) {
      throw Ec2Fault.value(
          "secondaryPrivateIpAddressCount",
          count.toString(),
          "It must be 0 to " + (InterfaceCommands.ADDRESSES_MAX - 1) + ".");
    }
    String first = request.privateIpAddress();
    List<String> more = new ArrayList<>();
    for (PrivateIpShape address : request.privateIpAddresses()) {
      String text = address.privateIpAddress();
      if (text == null) {
        throw Ec2Fault.missing("PrivateIpAddresses.PrivateIpAddress");
      }
      if (!Boolean.TRUE.equals(address.primary())) {
        more.add(text);
      } else if (first == null) {
        first = text;
      } else {
        throw Ec2Fault.combination("Only one address may be the primary one.");
      }
    }
    return new InterfaceCommands.Wanted(
        request.subnetId(),
        request.description() == null ? "" : request.description(),
        request.securityGroupId(),
        first,
        new InterfaceCommands.More(more, count == null ? 0 : count));
  }

  @NotHere({"EnaSrdSpecification", "EnaQueueCount"})
  record AttachNetworkInterface(
      @Required String networkInterfaceId,
      @Required String instanceId,
      @Required Integer deviceIndex,
      @Nullable Integer networkCardIndex) {}

  record AttachNetworkInterfaceAnswer(String attachmentId, int networkCardIndex) {}

  public AttachNetworkInterfaceAnswer attachNetworkInterface(
      Ec2Call call, AttachNetworkInterface request) {
    tables.interfaces.require(call.scope(), request.networkInterfaceId());
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

  @NotHere("IncludeManagedResources")
  record DescribeNetworkInterfaces(
      List<String> networkInterfaceId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeNetworkInterfacesAnswer(
      List<InterfaceShape> networkInterfaceSet, @Nullable String nextToken) {}

  public DescribeNetworkInterfacesAnswer describeNetworkInterfaces(
      Ec2Call call, DescribeNetworkInterfaces request) {
    if (!request.networkInterfaceId().isEmpty() && request.maxResults() != null) {
      throw Ec2Fault.combination(
          "The parameter networkInterfaceIdSet cannot be used with the parameter maxResults");
    }
    Map<String, String> names = names(call);
    Map<String, Address> addresses =
        tables.addresses.where(call.scope(), SHOWN_ADDRESS).stream()
            .collect(
                Collectors.toMap(
                    address -> String.valueOf(address.networkInterfaceId()), Function.identity()));
    Pages.Page<Tagged<NetworkInterface>> page =
        Listing.of(
            call,
            tables.interfaces,
            (ids, after, most) -> commands.present(call.scope(), ids, after, most),
            filters(names, addresses),
            new Listing.Asked(
                request.networkInterfaceId(),
                request.filter(),
                request.maxResults(),
                request.nextToken()));
    return new DescribeNetworkInterfacesAnswer(
        page.items().stream()
            .map(card -> InterfaceShape.of(card, names, addresses.get(card.row().id())))
            .toList(),
        page.nextToken());
  }

  private static Filters<Tagged<NetworkInterface>> filters(
      Map<String, String> names, Map<String, Address> addresses) {
    Filters<Tagged<NetworkInterface>> filters =
        new Filters<Tagged<NetworkInterface>>()
            .on("network-interface-id", card -> card.row().id())
            .on("subnet-id", card -> card.row().subnetId())
            .on("vpc-id", card -> card.row().vpcId())
            .on("availability-zone", card -> card.row().zone())
            .on("description", card -> card.row().description())
            .on("mac-address", card -> card.row().macAddress())
            .on("owner-id", card -> card.row().accountId())
            .on("private-ip-address", card -> card.row().privateIp())
            .on(
                "private-dns-name",
                card -> PrivateNames.of(card.row().privateIp(), card.row().region()))
            .onAny("addresses.private-ip-address", card -> card.row().privateIps().stream())
            .onAny(
                "addresses.primary",
                card ->
                    card.row().secondaryAddresses().isEmpty()
                        ? Stream.of("true")
                        : Stream.of("true", "false"))
            .on("source-dest-check", card -> card.row().sourceDestCheck())
            .on("status", card -> InterfaceShape.status(card.row()))
            .on("interface-type", card -> "interface")
            .on("requester-managed", card -> false)
            .on("operator.managed", card -> false)
            .on("attachment.attachment-id", card -> card.row().attachmentId())
            .on("attachment.instance-id", card -> card.row().instanceId())
            .on("attachment.device-index", card -> card.row().deviceIndex())
            .on("attachment.attach-time", card -> card.row().attachedAt())
            .on("attachment.status", card -> ifAttached(card.row(), "attached"))
            .on(
                "attachment.instance-owner-id",
                card -> ifAttached(card.row(), card.row().accountId()))
            .on(
                "attachment.delete-on-termination",
                card -> ifAttached(card.row(), card.row().deleteOnTermination()))
            .onAny("group-id", card -> card.row().securityGroups().stream())
            .onAny(
                "group-name",
                card -> card.row().securityGroups().stream().map(id -> names.getOrDefault(id, "")))
            .never(
                "availability-zone-id",
                "ipv6-addresses.ipv6-address",
                "operator.principal",
                "requester-id")
            .onTags(Tagged::tags);
    for (String prefix : List.of("association.", "addresses.association.")) {
      filters
          .on(prefix + "public-ip", card -> of(addresses, card, Address::publicIp))
          .on(prefix + "public-dns-name", card -> of(addresses, card, InterfaceActions::name))
          .on(prefix + "allocation-id", card -> of(addresses, card, Address::shownId))
          .on(prefix + "association-id", card -> of(addresses, card, Address::shownAssociationId))
          .on(prefix + "ip-owner-id", card -> of(addresses, card, Address::ipOwner))
          .on(prefix + "owner-id", card -> of(addresses, card, Address::ipOwner));
    }
    return filters;
  }

  private static String name(Address address) {
    return PublicNames.of(address.publicIp(), address.region());
  }

  private static @Nullable Object ifAttached(NetworkInterface card, Object value) {
    return card.instanceId() == null ? null : value;
  }

  private static @Nullable Object of(
      Map<String, Address> addresses,
      Tagged<NetworkInterface> card,
      Function<Address, @Nullable String> part) {
    Address address = addresses.get(card.row().id());
    return address == null ? null : part.apply(address);
  }
}
