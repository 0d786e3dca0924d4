package brume.compute.ec2.network;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.WireName;
import brume.compute.network.Address;
import brume.compute.network.AddressCommands;
import brume.compute.network.Cidr;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.resource.ResourceKind;
import brume.compute.resource.Tagged;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// AllocateAddress, AssociateAddress, DisassociateAddress, ReleaseAddress, DescribeAddresses,
/// DescribeAddressesAttribute.
@Component
class AddressActions implements Ec2Actions {
  private final NetworkTables tables;
  private final AddressCommands commands;

  AddressActions(NetworkTables tables, AddressCommands commands) {
    this.tables = tables;
    this.commands = commands;
  }

  @NotHere({"CustomerOwnedIpv4Pool", "IpamPoolId"})
  record AllocateAddress(
      @Nullable String domain,
      @Nullable String address,
      @Nullable String publicIpv4Pool,
      @Nullable String networkBorderGroup,
      List<TagSpecification> tagSpecification) {}

  record AllocateAddressAnswer(
      String publicIp,
      String allocationId,
      String publicIpv4Pool,
      String networkBorderGroup,
      String domain) {}

  public AllocateAddressAnswer allocateAddress(Ec2Call call, AllocateAddress request) {
    if (request.domain() != null && !request.domain().equals("vpc")) {
      throw Ec2Fault.value("domain", request.domain(), "It must be vpc.");
    }
    if (request.address() != null) {
      throw Ec2Fault.unsupported("Addresses are chosen by the cloud: leave Address out.");
    }
    Address made =
        commands
            .allocate(call.scope(), TagSpecification.of("elastic-ip", request.tagSpecification()))
            .row();
    return new AllocateAddressAnswer(
        made.publicIp(), made.id(), "amazon", call.regionName(), "vpc");
  }

  private Address find(Ec2Call call, @Nullable String id, @Nullable String publicIp) {
    if (id != null) {
      return tables.addresses.require(call.scope(), id);
    }
    if (publicIp == null) {
      throw Ec2Fault.missing("AllocationId");
    }
    return tables
        .addresses
        .where(call.scope(), "public_ip = ? AND NOT automatic", publicIp)
        .stream()
        .findFirst()
        .orElseThrow(() -> unknown(publicIp));
  }

  private static Ec2Fault unknown(String publicIp) {
    return new Ec2Fault(
        "InvalidAddress.NotFound", "Address '" + Text.shown(publicIp) + "' not found.");
  }

  record AssociateAddress(
      @Nullable String allocationId,
      @Nullable String publicIp,
      @Nullable String instanceId,
      @Nullable String networkInterfaceId,
      @Nullable String privateIpAddress,
      @Nullable Boolean allowReassociation) {}

  record AssociateAddressAnswer(@WireName("return") boolean result, String associationId) {}

  public AssociateAddressAnswer associateAddress(Ec2Call call, AssociateAddress request) {
    Address address = find(call, request.allocationId(), request.publicIp());
    NetworkInterface card = card(call, request.instanceId(), request.networkInterfaceId());
    if (request.privateIpAddress() != null
        && !card.privateIp().equals(request.privateIpAddress())) {
      throw Ec2Fault.value(
          "privateIpAddress",
          request.privateIpAddress(),
          "A public address goes to the first address of an interface: " + card.privateIp());
    }
    boolean again = !Boolean.FALSE.equals(request.allowReassociation());
    Address associated = commands.associate(call.scope(), address, card, again);
    return new AssociateAddressAnswer(true, String.valueOf(associated.associationId()));
  }

  private NetworkInterface card(
      Ec2Call call, @Nullable String instanceId, @Nullable String interfaceId) {
    if (interfaceId != null) {
      return tables.interfaces.require(call.scope(), interfaceId);
    }
    if (instanceId == null) {
      throw Ec2Fault.missing("InstanceId");
    }
    ResourceKind.INSTANCE.checked(instanceId);
    return tables
        .interfaces
        .where(call.scope(), "instance_id = ? AND device_index = 0", instanceId)
        .stream()
        .findFirst()
        .orElseThrow(() -> ResourceKind.INSTANCE.unknown(instanceId));
  }

  record DisassociateAddress(@Nullable String associationId, @Nullable String publicIp) {}

  public Done disassociateAddress(Ec2Call call, DisassociateAddress request) {
    String id = request.associationId();
    Address address =
        id == null
            ? find(call, null, request.publicIp())
            : tables
                .addresses
                .where(call.scope(), "association_id = ? AND NOT automatic", id)
                .stream()
                .findFirst()
                .orElseThrow(() ->
                    new Ec2Fault(
                        "InvalidAssociationID.NotFound",
                        "The association ID '" + Text.shown(id) + "' does not exist"));
    commands.disassociate(call.scope(), address);
    return Done.TRUE;
  }

  record ReleaseAddress(
      @Nullable String allocationId,
      @Nullable String publicIp,
      @Nullable String networkBorderGroup) {}

  public Done releaseAddress(Ec2Call call, ReleaseAddress request) {
    if (request.allocationId() != null && request.publicIp() != null) {
      throw Ec2Fault.combination(
          "You may specify public IP or allocation id, but not both in the same call");
    }
    if (request.allocationId() == null && request.publicIp() != null) {
      find(call, null, request.publicIp());
      throw new Ec2Fault(
          "InvalidParameterValue", "You must specify an allocation id when releasing an address");
    }
    commands.release(call.scope(), find(call, request.allocationId(), request.publicIp()));
    return Done.TRUE;
  }

  record DescribeAddresses(List<String> allocationId, List<String> publicIp, List<Filter> filter) {}

  record AddressShape(
      String publicIp,
      String allocationId,
      String domain,
      @Nullable String instanceId,
      @Nullable String associationId,
      @Nullable String networkInterfaceId,
      @Nullable String networkInterfaceOwnerId,
      @Nullable String privateIpAddress,
      String publicIpv4Pool,
      String networkBorderGroup,
      List<Tag> tagSet) {}

  record DescribeAddressesAnswer(List<AddressShape> addressesSet) {}

  public DescribeAddressesAnswer describeAddresses(Ec2Call call, DescribeAddresses request) {
    Map<String, NetworkInterface> cards =
        tables.interfaces.all(call.scope()).stream()
            .collect(Collectors.toMap(NetworkInterface::id, Function.identity()));
    Filters<Tagged<Address>> filters =
        new Filters<Tagged<Address>>()
            .on("allocation-id", address -> address.row().id())
            .on("association-id", address -> address.row().associationId())
            .on("public-ip", address -> address.row().publicIp())
            .on("domain", address -> "vpc")
            .on("network-border-group", address -> call.regionName())
            .on(
                "network-interface-owner-id",
                address ->
                    address.row().networkInterfaceId() == null ? null : address.row().accountId())
            .on("network-interface-id", address -> address.row().networkInterfaceId())
            .on("instance-id", address -> instance(address.row(), cards))
            .on("private-ip-address", address -> privateIp(address.row(), cards))
            .onTags(Tagged::tags);
    List<Tagged<Address>> all =
        tables.addresses.tagged(
            call.scope(), tables.addresses.where(call.scope(), "NOT automatic"));
    request.publicIp().stream()
        .filter(ip -> Cidr.address(ip).isEmpty())
        .findFirst()
        .ifPresent(ip -> {
          throw Ec2Fault.value("publicIp", ip, "It is not an IPv4 address.");
        });
    List<String> missing =
        request.publicIp().stream()
            .filter(ip -> all.stream().noneMatch(address -> address.row().publicIp().equals(ip)))
            .toList();
    if (!missing.isEmpty()) {
      throw unknown(String.join(", ", missing));
    }
    List<Tagged<Address>> wanted =
        request.publicIp().isEmpty()
            ? all
            : all.stream()
                .filter(address -> request.publicIp().contains(address.row().publicIp()))
                .toList();
    Pages.Page<Tagged<Address>> page =
        Listing.of(
            call,
            tables.addresses,
            wanted,
            filters,
            Listing.Asked.of(request.allocationId(), request.filter()));
    return new DescribeAddressesAnswer(
        page.items().stream().map(address -> shape(call, address, cards)).toList());
  }

  record DescribeAddressesAttribute(
      List<String> allocationId,
      @Nullable String attribute,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record NameShape(String publicIp, String allocationId) {}

  record DescribeAddressesAttributeAnswer(List<NameShape> addressSet, @Nullable String nextToken) {}

  /// There are no names for addresses, so only the addresses themselves are shown.
  public DescribeAddressesAttributeAnswer describeAddressesAttribute(
      Ec2Call call, DescribeAddressesAttribute request) {
    if (request.attribute() != null && !request.attribute().equals("domain-name")) {
      throw Ec2Fault.value("attribute", request.attribute(), "It must be domain-name.");
    }
    Pages.Page<Tagged<Address>> page =
        Listing.of(
            call,
            tables.addresses,
            tables.addresses.tagged(
                call.scope(), tables.addresses.where(call.scope(), "NOT automatic")),
            new Filters<>(),
            new Listing.Asked(
                request.allocationId(), List.of(), request.maxResults(), request.nextToken()));
    return new DescribeAddressesAttributeAnswer(
        page.items().stream()
            .map(address -> new NameShape(address.row().publicIp(), address.row().id()))
            .toList(),
        page.nextToken());
  }

  private static @Nullable NetworkInterface card(
      Address address, Map<String, NetworkInterface> cards) {
    String id = address.networkInterfaceId();
    return id == null ? null : cards.get(id);
  }

  private static @Nullable String instance(Address address, Map<String, NetworkInterface> cards) {
    NetworkInterface card = card(address, cards);
    return card == null ? null : card.instanceId();
  }

  private static @Nullable String privateIp(Address address, Map<String, NetworkInterface> cards) {
    NetworkInterface card = card(address, cards);
    return card == null ? null : card.privateIp();
  }

  private static AddressShape shape(
      Ec2Call call, Tagged<Address> tagged, Map<String, NetworkInterface> cards) {
    Address address = tagged.row();
    NetworkInterface card = card(address, cards);
    return new AddressShape(
        address.publicIp(),
        address.id(),
        "vpc",
        card == null ? null : card.instanceId(),
        address.associationId(),
        address.networkInterfaceId(),
        card == null ? null : card.accountId(),
        card == null ? null : card.privateIp(),
        "amazon",
        call.regionName(),
        Tag.of(tagged.tags()));
  }
}
