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
import brume.compute.ec2.shape.Value;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.network.Cidr;
import brume.compute.network.NetworkTables;
import brume.compute.network.Subnet;
import brume.compute.network.SubnetAddresses;
import brume.compute.network.VpcCommands;
import brume.compute.region.Region;
import brume.compute.resource.Tagged;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateSubnet, DeleteSubnet, DescribeSubnets, ModifySubnetAttribute.
@Component
class SubnetActions implements Ec2Actions {
  private static Filters<Tagged<Subnet>> filters(Ec2Call call, Map<String, Long> used) {
    return new Filters<Tagged<Subnet>>()
        .on("availability-zone-id", subnet -> zoneId(call, subnet.row()))
        .on(
            "available-ip-address-count",
            subnet -> left(subnet.row(), used.getOrDefault(subnet.row().id(), 0L)))
        .on("subnet-id", subnet -> subnet.row().id())
        .on("subnet-arn", subnet -> arn(subnet.row()))
        .on("vpc-id", subnet -> subnet.row().vpcId())
        .on("availability-zone", subnet -> subnet.row().zone())
        .on("availabilityZone", subnet -> subnet.row().zone())
        .on("cidr", subnet -> subnet.row().cidrBlock())
        .on("cidr-block", subnet -> subnet.row().cidrBlock())
        .on("cidrBlock", subnet -> subnet.row().cidrBlock())
        .on("default-for-az", subnet -> subnet.row().defaultForZone())
        .on("defaultForAz", subnet -> subnet.row().defaultForZone())
        .on("map-public-ip-on-launch", subnet -> subnet.row().mapPublicIp())
        .on("owner-id", subnet -> subnet.row().accountId())
        .on("enable-dns64", subnet -> false)
        .on("ipv6-native", subnet -> false)
        .on("map-customer-owned-ip-on-launch", subnet -> false)
        .on("private-dns-name-options-on-launch.hostname-type", subnet -> "ip-name")
        .on("private-dns-name-options-on-launch.enable-resource-name-dns-a-record", subnet -> false)
        .on(
            "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record",
            subnet -> false)
        .never(
            "customer-owned-ipv4-pool",
            "enable-lni-at-device-index",
            "ipv6-cidr-block-association.ipv6-cidr-block",
            "ipv6-cidr-block-association.association-id",
            "ipv6-cidr-block-association.state",
            "outpost-arn")
        .on("state", subnet -> "available")
        .onTags(Tagged::tags);
  }

  private static String zoneId(Ec2Call call, Subnet subnet) {
    return call.region().zone(subnet.zone()).map(Region.Zone::id).orElse("");
  }

  /// All but those that are taken, and the five that hosts can't have.
  private static long left(Subnet subnet, long used) {
    return Cidr.parse(subnet.cidrBlock()).orElseThrow().size() - 5 - used;
  }

  private final NetworkTables tables;
  private final VpcCommands commands;
  private final SubnetAddresses addresses;
  private final Defaults defaults;

  SubnetActions(
      NetworkTables tables, VpcCommands commands, SubnetAddresses addresses, Defaults defaults) {
    this.tables = tables;
    this.commands = commands;
    this.addresses = addresses;
    this.defaults = defaults;
  }

  record SubnetShape(
      String subnetId,
      String subnetArn,
      String state,
      String ownerId,
      String vpcId,
      String cidrBlock,
      List<String> ipv6CidrBlockAssociationSet,
      long availableIpAddressCount,
      String availabilityZone,
      String availabilityZoneId,
      boolean defaultForAz,
      boolean mapPublicIpOnLaunch,
      boolean assignIpv6AddressOnCreation,
      boolean mapCustomerOwnedIpOnLaunch,
      boolean enableDns64,
      boolean ipv6Native,
      PrivateNameShape privateDnsNameOptionsOnLaunch,
      List<Tag> tagSet) {}

  record PrivateNameShape(
      String hostnameType,
      boolean enableResourceNameDnsARecord,
      boolean enableResourceNameDnsAAAARecord) {
    static final PrivateNameShape USUAL = new PrivateNameShape("ip-name", false, false);
  }

  private static String arn(Subnet subnet) {
    return "arn:aws:ec2:" + subnet.region() + ":" + subnet.accountId() + ":subnet/" + subnet.id();
  }

  private static SubnetShape shape(Ec2Call call, Tagged<Subnet> tagged, long used) {
    Subnet subnet = tagged.row();
    return new SubnetShape(
        subnet.id(),
        arn(subnet),
        "available",
        subnet.accountId(),
        subnet.vpcId(),
        subnet.cidrBlock(),
        List.of(),
        left(subnet, used),
        subnet.zone(),
        zoneId(call, subnet),
        subnet.defaultForZone(),
        subnet.mapPublicIp(),
        false,
        false,
        false,
        false,
        PrivateNameShape.USUAL,
        Tag.of(tagged.tags()));
  }

  @NotHere({
    "Ipv6CidrBlock",
    "OutpostArn",
    "Ipv6Native",
    "Ipv4IpamPoolId",
    "Ipv4NetmaskLength",
    "Ipv6IpamPoolId",
    "Ipv6NetmaskLength"
  })
  record CreateSubnet(
      @Required String vpcId,
      @Nullable String cidrBlock,
      @Nullable String availabilityZone,
      @Nullable String availabilityZoneId,
      List<TagSpecification> tagSpecification) {}

  record CreateSubnetAnswer(SubnetShape subnet) {}

  public CreateSubnetAnswer createSubnet(Ec2Call call, CreateSubnet request) {
    defaults.ensure(call);
    if (request.cidrBlock() == null || request.cidrBlock().isEmpty()) {
      throw Ec2Fault.missing("cidrBlock");
    }
    Tagged<Subnet> made =
        commands.createSubnet(
            call.scope(),
            request.vpcId(),
            request.cidrBlock(),
            zone(call, request),
            TagSpecification.of("subnet", request.tagSpecification()));
    return new CreateSubnetAnswer(shape(call, made, 0));
  }

  private static String zone(Ec2Call call, CreateSubnet request) {
    String name = request.availabilityZone();
    String id = request.availabilityZoneId();
    List<Region.Zone> zones = call.region().zones();
    if (name == null && id == null) {
      return zones.getFirst().name();
    }
    return zones.stream()
        .filter(zone -> zone.name().equals(name) || (name == null && zone.id().equals(id)))
        .map(Region.Zone::name)
        .findFirst()
        .orElseThrow(() ->
            new Ec2Fault(
                "InvalidParameterValue",
                "Value ("
                    + Text.shown(String.valueOf(name == null ? id : name))
                    + ") for parameter availabilityZone is invalid. Subnets can currently only be"
                    + " created in the following availability zones: "
                    + String.join(", ", zones.stream().map(Region.Zone::name).toList())
                    + "."));
  }

  record DeleteSubnet(@Required String subnetId) {}

  public Done deleteSubnet(Ec2Call call, DeleteSubnet request) {
    commands.deleteSubnet(call.scope(), request.subnetId());
    return Done.TRUE;
  }

  record DescribeSubnets(
      List<String> subnetId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeSubnetsAnswer(List<SubnetShape> subnetSet, @Nullable String nextToken) {}

  public DescribeSubnetsAnswer describeSubnets(Ec2Call call, DescribeSubnets request) {
    defaults.ensure(call);
    Map<String, Long> used = addresses.used(call.scope());
    Pages.Page<Tagged<Subnet>> page =
        Listing.of(
            call,
            tables.subnets,
            filters(call, used),
            new Listing.Asked(
                request.subnetId(), request.filter(), request.maxResults(), request.nextToken()));
    return new DescribeSubnetsAnswer(
        page.items().stream()
            .map(subnet -> shape(call, subnet, used.getOrDefault(subnet.row().id(), 0L)))
            .toList(),
        page.nextToken());
  }

  @NotHere({"CustomerOwnedIpv4Pool", "EnableLniAtDeviceIndex", "DisableLniAtDeviceIndex"})
  record ModifySubnetAttribute(
      @Required String subnetId,
      Value.@Nullable OfBoolean mapPublicIpOnLaunch,
      Value.@Nullable OfBoolean assignIpv6AddressOnCreation,
      Value.@Nullable OfBoolean mapCustomerOwnedIpOnLaunch,
      Value.@Nullable OfBoolean enableDns64,
      @Nullable String privateDnsHostnameTypeOnLaunch,
      Value.@Nullable OfBoolean enableResourceNameDnsARecordOnLaunch,
      Value.@Nullable OfBoolean enableResourceNameDnsAAAARecordOnLaunch) {
    /// What can only stay as it is.
    List<Value.OfBoolean> fixed() {
      return Stream.of(
              assignIpv6AddressOnCreation,
              mapCustomerOwnedIpOnLaunch,
              enableDns64,
              enableResourceNameDnsARecordOnLaunch,
              enableResourceNameDnsAAAARecordOnLaunch)
          .flatMap(Stream::ofNullable)
          .toList();
    }
  }

  public Done modifySubnetAttribute(Ec2Call call, ModifySubnetAttribute request) {
    tables.subnets.require(call.scope(), request.subnetId());
    String names = request.privateDnsHostnameTypeOnLaunch();
    int given =
        request.fixed().size()
            + (request.mapPublicIpOnLaunch() == null ? 0 : 1)
            + (names == null ? 0 : 1);
    if (given != 1) {
      throw given == 0
          ? Ec2Fault.missing("MapPublicIpOnLaunch")
          : Ec2Fault.combination("One attribute may be changed at a time, not " + given);
    }
    boolean changesFixed =
        request.fixed().stream().anyMatch(value -> Boolean.TRUE.equals(value.value()));
    if (changesFixed || (names != null && !names.equals("ip-name"))) {
      throw Ec2Fault.unsupported(
          "Subnets have IPv4 addresses and names by them: only MapPublicIpOnLaunch may be changed.");
    }
    if (request.mapPublicIpOnLaunch() != null) {
      if (request.mapPublicIpOnLaunch().value() == null) {
        throw Ec2Fault.missing("MapPublicIpOnLaunch.Value");
      }
      commands.mapPublicIp(call.scope(), request.subnetId(), request.mapPublicIpOnLaunch().value());
    }
    return Done.TRUE;
  }
}
