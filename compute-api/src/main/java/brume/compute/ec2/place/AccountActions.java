package brume.compute.ec2.place;

import brume.compute.account.AccountQueries;
import brume.compute.account.Quotas;
import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.network.NetworkTables;
import brume.compute.network.Vpc;
import brume.compute.placement.PlacementCommands;
import brume.compute.placement.PlacementGroup;
import brume.compute.resource.Tagged;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeAccountAttributes, CreatePlacementGroup, DeletePlacementGroup, DescribePlacementGroups.
@Component
class AccountActions implements Ec2Actions {
  private static final Filters<Tagged<PlacementGroup>> FILTERS =
      new Filters<Tagged<PlacementGroup>>()
          .on("group-name", group -> group.row().name())
          .on("group-id", group -> group.row().id())
          .on("strategy", group -> group.row().strategy())
          .on("state", group -> "available")
          .on("group-arn", group -> PlacementGroupShape.arn(group.row()))
          .never("spread-level")
          .onTags(Tagged::tags);

  private final AccountQueries accounts;
  private final NetworkTables networks;
  private final PlacementCommands placement;

  AccountActions(AccountQueries accounts, NetworkTables networks, PlacementCommands placement) {
    this.accounts = accounts;
    this.networks = networks;
    this.placement = placement;
  }

  record DescribeAccountAttributes(List<String> attributeName) {}

  record ValueShape(String attributeValue) {}

  record AttributeShape(String attributeName, List<ValueShape> attributeValueSet) {}

  record DescribeAccountAttributesAnswer(List<AttributeShape> accountAttributeSet) {}

  public DescribeAccountAttributesAnswer describeAccountAttributes(
      Ec2Call call, DescribeAccountAttributes request) {
    Map<String, String> known = new TreeMap<>();
    known.put("supported-platforms", "VPC");
    known.put(
        "default-vpc",
        networks.vpcs.where(call.scope(), "is_default").stream()
            .map(Vpc::id)
            .findFirst()
            .orElse("none"));
    Quotas quotas = accounts.account(call.caller()).quotas();
    known.put("max-instances", String.valueOf(quotas.instancesMax()));
    known.put("max-elastic-ips", String.valueOf(quotas.addressesMax()));
    known.put("vpc-max-elastic-ips", String.valueOf(quotas.addressesMax()));
    known.put("vpc-max-security-groups-per-interface", "5");
    for (String name : request.attributeName()) {
      if (!known.containsKey(name)) {
        throw Ec2Fault.value("attributeName", name, "There are " + known.keySet() + ".");
      }
    }
    return new DescribeAccountAttributesAnswer(
        known.entrySet().stream()
            .filter(entry ->
                request.attributeName().isEmpty()
                    || request.attributeName().contains(entry.getKey()))
            .map(entry ->
                new AttributeShape(entry.getKey(), List.of(new ValueShape(entry.getValue()))))
            .toList());
  }

  record PlacementGroupShape(
      String groupName,
      String state,
      String strategy,
      @Nullable Integer partitionCount,
      String groupId,
      List<Tag> tagSet,
      String groupArn) {
    static PlacementGroupShape of(Tagged<PlacementGroup> tagged) {
      PlacementGroup group = tagged.row();
      return new PlacementGroupShape(
          group.name(),
          "available",
          group.strategy(),
          group.partitions(),
          group.id(),
          Tag.of(tagged.tags()),
          arn(group));
    }

    static String arn(PlacementGroup group) {
      return "arn:aws:ec2:"
          + group.region()
          + ":"
          + group.accountId()
          + ":placement-group/"
          + group.name();
    }
  }

  @NotHere({"SpreadLevel", "LinkedGroupId", "Operator"})
  record CreatePlacementGroup(
      @Required String groupName,
      @Nullable String strategy,
      @Nullable Integer partitionCount,
      List<TagSpecification> tagSpecification) {}

  record CreatePlacementGroupAnswer(PlacementGroupShape placementGroup) {}

  public CreatePlacementGroupAnswer createPlacementGroup(
      Ec2Call call, CreatePlacementGroup request) {
    return new CreatePlacementGroupAnswer(
        PlacementGroupShape.of(
            placement.create(
                call.scope(),
                request.groupName(),
                request.strategy() == null ? "cluster" : request.strategy(),
                request.partitionCount(),
                TagSpecification.of("placement-group", request.tagSpecification()))));
  }

  record DeletePlacementGroup(@Required String groupName) {}

  public Done deletePlacementGroup(Ec2Call call, DeletePlacementGroup request) {
    placement.delete(call.scope(), request.groupName());
    return Done.TRUE;
  }

  record DescribePlacementGroups(
      List<String> groupName, List<String> groupId, List<Filter> filter) {}

  record DescribePlacementGroupsAnswer(List<PlacementGroupShape> placementGroupSet) {}

  public DescribePlacementGroupsAnswer describePlacementGroups(
      Ec2Call call, DescribePlacementGroups request) {
    request.groupName().forEach(name -> placement.require(call.scope(), name));
    List<Tagged<PlacementGroup>> named =
        placement.groups().tagged(call.scope()).stream()
            .filter(group ->
                request.groupName().isEmpty() || request.groupName().contains(group.row().name()))
            .toList();
    return new DescribePlacementGroupsAnswer(
        Listing.of(
                call,
                placement.groups(),
                named,
                FILTERS,
                Listing.Asked.of(request.groupId(), request.filter()))
            .items()
            .stream()
            .map(PlacementGroupShape::of)
            .toList());
  }
}
