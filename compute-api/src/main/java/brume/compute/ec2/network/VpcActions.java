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
import brume.compute.network.DefaultNetwork;
import brume.compute.network.NetworkTables;
import brume.compute.network.Vpc;
import brume.compute.network.VpcCommands;
import brume.compute.region.Region;
import brume.compute.resource.Tagged;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateVpc, CreateDefaultVpc, DeleteVpc, DescribeVpcs, DescribeVpcAttribute, ModifyVpcAttribute.
@Component
class VpcActions implements Ec2Actions {
  private static final Filters<Tagged<Vpc>> FILTERS =
      new Filters<Tagged<Vpc>>()
          .on("vpc-id", vpc -> vpc.row().id())
          .on("cidr", vpc -> vpc.row().cidrBlock())
          .on("cidr-block", vpc -> vpc.row().cidrBlock())
          .on("cidrBlock", vpc -> vpc.row().cidrBlock())
          .onAny(
              "cidr-block-association.cidr-block",
              vpc -> vpc.row().blocks().stream().map(Vpc.Block::cidrBlock))
          .onAny(
              "cidr-block-association.association-id",
              vpc -> vpc.row().blocks().stream().map(Vpc.Block::id))
          .on("cidr-block-association.state", vpc -> "associated")
          .on("dhcp-options-id", vpc -> vpc.row().dhcpOptions())
          .on("is-default", vpc -> vpc.row().isDefault())
          .on("isDefault", vpc -> vpc.row().isDefault())
          .on("owner-id", vpc -> vpc.row().accountId())
          .on("state", vpc -> "available")
          .never(
              "ipv6-cidr-block-association.ipv6-cidr-block",
              "ipv6-cidr-block-association.ipv6-pool",
              "ipv6-cidr-block-association.association-id",
              "ipv6-cidr-block-association.state")
          .onTags(Tagged::tags);

  private final NetworkTables tables;
  private final VpcCommands commands;
  private final Defaults defaults;
  private final DefaultNetwork network;

  VpcActions(
      NetworkTables tables, VpcCommands commands, Defaults defaults, DefaultNetwork network) {
    this.tables = tables;
    this.commands = commands;
    this.defaults = defaults;
    this.network = network;
  }

  record StateShape(String state) {}

  record AssociationShape(String associationId, String cidrBlock, StateShape cidrBlockState) {
    static AssociationShape of(Vpc.Block block, String state) {
      return new AssociationShape(block.id(), block.cidrBlock(), new StateShape(state));
    }
  }

  record VpcShape(
      String vpcId,
      String ownerId,
      String state,
      String cidrBlock,
      List<AssociationShape> cidrBlockAssociationSet,
      List<String> ipv6CidrBlockAssociationSet,
      String dhcpOptionsId,
      List<Tag> tagSet,
      String instanceTenancy,
      boolean isDefault) {
    static VpcShape of(Tagged<Vpc> tagged) {
      Vpc vpc = tagged.row();
      return new VpcShape(
          vpc.id(),
          vpc.accountId(),
          "available",
          vpc.cidrBlock(),
          vpc.blocks().stream().map(block -> AssociationShape.of(block, "associated")).toList(),
          List.of(),
          vpc.dhcpOptions(),
          Tag.of(tagged.tags()),
          vpc.tenancy(),
          vpc.isDefault());
    }

    /// As the answer to its making shows it.
    VpcShape pending() {
      return new VpcShape(
          vpcId,
          ownerId,
          "pending",
          cidrBlock,
          cidrBlockAssociationSet,
          ipv6CidrBlockAssociationSet,
          dhcpOptionsId,
          tagSet,
          instanceTenancy,
          isDefault);
    }
  }

  @NotHere({
    "Ipv6Pool",
    "Ipv6CidrBlock",
    "Ipv4IpamPoolId",
    "Ipv4NetmaskLength",
    "Ipv6IpamPoolId",
    "Ipv6NetmaskLength",
    "Ipv6CidrBlockNetworkBorderGroup",
    "VpcEncryptionControl"
  })
  record CreateVpc(
      @Nullable String cidrBlock,
      @Nullable String instanceTenancy,
      @Nullable Boolean amazonProvidedIpv6CidrBlock,
      List<TagSpecification> tagSpecification) {}

  record VpcAnswer(VpcShape vpc) {}

  public VpcAnswer createVpc(Ec2Call call, CreateVpc request) {
    defaults.ensure(call);
    if (request.cidrBlock() == null || request.cidrBlock().isEmpty()) {
      throw Ec2Fault.missing("cidrBlock");
    }
    if (Boolean.TRUE.equals(request.amazonProvidedIpv6CidrBlock())) {
      throw Ec2Fault.unsupported("There are no IPv6 blocks.");
    }
    return new VpcAnswer(
        VpcShape.of(
                commands.create(
                    call.scope(),
                    request.cidrBlock(),
                    request.instanceTenancy() == null ? "default" : request.instanceTenancy(),
                    false,
                    TagSpecification.of("vpc", request.tagSpecification())))
            .pending());
  }

  record CreateDefaultVpc() {}

  public VpcAnswer createDefaultVpc(Ec2Call call, CreateDefaultVpc request) {
    defaults.ensure(call);
    Vpc vpc =
        network.again(call.scope(), call.region().zones().stream().map(Region.Zone::name).toList());
    return new VpcAnswer(VpcShape.of(new Tagged<>(vpc, Map.of())));
  }

  record DeleteVpc(@Required String vpcId) {}

  public Done deleteVpc(Ec2Call call, DeleteVpc request) {
    defaults.ensure(call);
    commands.delete(call.scope(), request.vpcId());
    return Done.TRUE;
  }

  record DescribeVpcs(
      List<String> vpcId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeVpcsAnswer(List<VpcShape> vpcSet, @Nullable String nextToken) {}

  public DescribeVpcsAnswer describeVpcs(Ec2Call call, DescribeVpcs request) {
    defaults.ensure(call);
    Pages.Page<Tagged<Vpc>> page =
        Listing.of(
            call,
            tables.vpcs,
            FILTERS,
            new Listing.Asked(
                request.vpcId(), request.filter(), request.maxResults(), request.nextToken()));
    return new DescribeVpcsAnswer(
        page.items().stream().map(VpcShape::of).toList(), page.nextToken());
  }

  record DescribeVpcAttribute(@Required String vpcId, @Required String attribute) {}

  record VpcAttributeAnswer(
      String vpcId,
      Value.@Nullable OfBoolean enableDnsSupport,
      Value.@Nullable OfBoolean enableDnsHostnames,
      Value.@Nullable OfBoolean enableNetworkAddressUsageMetrics) {}

  public VpcAttributeAnswer describeVpcAttribute(Ec2Call call, DescribeVpcAttribute request) {
    defaults.ensure(call);
    Vpc vpc = tables.vpcs.require(call.scope(), request.vpcId());
    return switch (request.attribute()) {
      case "enableDnsSupport" ->
          new VpcAttributeAnswer(vpc.id(), new Value.OfBoolean(vpc.dnsSupport()), null, null);
      case "enableDnsHostnames" ->
          new VpcAttributeAnswer(vpc.id(), null, new Value.OfBoolean(vpc.dnsHostnames()), null);
      case "enableNetworkAddressUsageMetrics" ->
          new VpcAttributeAnswer(vpc.id(), null, null, new Value.OfBoolean(false));
      default ->
          throw Ec2Fault.value(
              "attribute",
              request.attribute(),
              "It must be enableDnsSupport, enableDnsHostnames or"
                  + " enableNetworkAddressUsageMetrics.");
    };
  }

  record ModifyVpcAttribute(
      @Required String vpcId,
      Value.@Nullable OfBoolean enableDnsSupport,
      Value.@Nullable OfBoolean enableDnsHostnames,
      Value.@Nullable OfBoolean enableNetworkAddressUsageMetrics) {}

  public Done modifyVpcAttribute(Ec2Call call, ModifyVpcAttribute request) {
    defaults.ensure(call);
    int given =
        (request.enableDnsSupport() == null ? 0 : 1)
            + (request.enableDnsHostnames() == null ? 0 : 1)
            + (request.enableNetworkAddressUsageMetrics() == null ? 0 : 1);
    if (given != 1) {
      throw Ec2Fault.combination("One attribute must be given, not " + given);
    }
    commands.setDns(
        call.scope(),
        request.vpcId(),
        request.enableDnsSupport() == null ? null : request.enableDnsSupport().value(),
        request.enableDnsHostnames() == null ? null : request.enableDnsHostnames().value());
    return Done.TRUE;
  }
}
