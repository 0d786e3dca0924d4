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
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.network.Cidr;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.network.Subnet;
import brume.compute.network.VpcCommands;
import brume.compute.region.Region;
import brume.compute.resource.Tagged;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateSubnet, DeleteSubnet, DescribeSubnets, ModifySubnetAttribute.
@Component
class SubnetActions implements Ec2Actions {
  private static final Filters<Tagged<Subnet>> FILTERS =
      new Filters<Tagged<Subnet>>()
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
          .on("state", subnet -> "available")
          .onTags(Tagged::tags);

  private final NetworkTables tables;
  private final VpcCommands commands;
  private final Defaults defaults;

  SubnetActions(NetworkTables tables, VpcCommands commands, Defaults defaults) {
    this.tables = tables;
    this.commands = commands;
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
      List<Tag> tagSet) {}

  private static String arn(Subnet subnet) {
    return "arn:aws:ec2:" + subnet.region() + ":" + subnet.accountId() + ":subnet/" + subnet.id();
  }

  private static SubnetShape shape(Ec2Call call, Tagged<Subnet> tagged, long used) {
    Subnet subnet = tagged.row();
    Cidr cidr = Cidr.parse(subnet.cidrBlock()).orElseThrow();
    return new SubnetShape(
        subnet.id(),
        arn(subnet),
        "available",
        subnet.accountId(),
        subnet.vpcId(),
        subnet.cidrBlock(),
        List.of(),
        cidr.size() - 5 - used,
        subnet.zone(),
        call.region().zone(subnet.zone()).map(Region.Zone::id).orElse(""),
        subnet.defaultForZone(),
        subnet.mapPublicIp(),
        false,
        false,
        false,
        false,
        Tag.of(tagged.tags()));
  }

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
    Pages.Page<Tagged<Subnet>> page =
        Listing.of(
            call,
            tables.subnets,
            FILTERS,
            new Listing.Asked(
                request.subnetId(), request.filter(), request.maxResults(), request.nextToken()));
    String[] ids = page.items().stream().map(subnet -> subnet.row().id()).toArray(String[]::new);
    Map<String, Long> used =
        tables.interfaces.where(call.scope(), "subnet_id = ANY (?)", (Object) ids).stream()
            .collect(Collectors.groupingBy(NetworkInterface::subnetId, Collectors.counting()));
    return new DescribeSubnetsAnswer(
        page.items().stream()
            .map(subnet -> shape(call, subnet, used.getOrDefault(subnet.row().id(), 0L)))
            .toList(),
        page.nextToken());
  }

  record ModifySubnetAttribute(
      @Required String subnetId, Value.@Nullable OfBoolean mapPublicIpOnLaunch) {}

  public Done modifySubnetAttribute(Ec2Call call, ModifySubnetAttribute request) {
    if (request.mapPublicIpOnLaunch() == null || request.mapPublicIpOnLaunch().value() == null) {
      throw Ec2Fault.missing("MapPublicIpOnLaunch");
    }
    commands.mapPublicIp(call.scope(), request.subnetId(), request.mapPublicIpOnLaunch().value());
    return Done.TRUE;
  }
}
