package brume.compute.ec2.network;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.WireName;
import brume.compute.network.NetworkTables;
import brume.compute.network.SecurityGroup;
import brume.compute.network.SecurityGroupCommands;
import brume.compute.network.SecurityGroupRule;
import brume.compute.network.Vpc;
import brume.compute.refusal.Refused;
import brume.compute.resource.Tagged;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateSecurityGroup, DeleteSecurityGroup, DescribeSecurityGroups and what their rules need.
@Component
class SecurityGroupActions implements Ec2Actions {

  private final NetworkTables tables;
  private final SecurityGroupCommands commands;
  private final Defaults defaults;

  SecurityGroupActions(NetworkTables tables, SecurityGroupCommands commands, Defaults defaults) {
    this.tables = tables;
    this.commands = commands;
    this.defaults = defaults;
  }

  record CreateSecurityGroup(
      @Required String groupName,
      @Required String groupDescription,
      @Nullable String vpcId,
      List<TagSpecification> tagSpecification) {}

  record CreateSecurityGroupAnswer(
      @WireName("return") boolean result,
      String groupId,
      List<Tag> tagSet,
      String securityGroupArn) {}

  public CreateSecurityGroupAnswer createSecurityGroup(Ec2Call call, CreateSecurityGroup request) {
    defaults.ensure(call);
    Tagged<SecurityGroup> made =
        commands.create(
            call.scope(),
            request.vpcId() == null ? defaultVpc(call) : request.vpcId(),
            request.groupName(),
            request.groupDescription(),
            TagSpecification.of("security-group", request.tagSpecification()));
    return new CreateSecurityGroupAnswer(
        true, made.row().id(), Tag.of(made.tags()), arn(made.row()));
  }

  private static String arn(SecurityGroup group) {
    return "arn:aws:ec2:"
        + group.region()
        + ":"
        + group.accountId()
        + ":security-group/"
        + group.id();
  }

  record DescribeSecurityGroupReferences(@Required List<String> groupId) {}

  record ReferenceShape(String groupId, String referencingVpcId) {}

  record DescribeSecurityGroupReferencesAnswer(List<ReferenceShape> securityGroupReferenceSet) {}

  /// Of other networks only, as EC2 says; without peering between networks there are none.
  public DescribeSecurityGroupReferencesAnswer describeSecurityGroupReferences(
      Ec2Call call, DescribeSecurityGroupReferences request) {
    request.groupId().forEach(id -> tables.groups.require(call.scope(), id));
    return new DescribeSecurityGroupReferencesAnswer(List.of());
  }

  String defaultVpc(Ec2Call call) {
    return tables.vpcs.where(call.scope(), "is_default").stream()
        .map(Vpc::id)
        .findFirst()
        .orElseThrow(
            () -> new Ec2Fault("VPCIdNotSpecified", "No default VPC for this user: give a VpcId."));
  }

  /// By id, or by name in the default network.
  SecurityGroup find(Ec2Call call, @Nullable String id, @Nullable String name) {
    defaults.ensure(call);
    if (id != null && !id.isEmpty()) {
      return tables.groups.require(call.scope(), id);
    }
    if (name == null || name.isEmpty()) {
      throw new Ec2Fault(
          "MissingParameter", "The request must contain the parameter GroupName or GroupId");
    }
    return tables
        .groups
        .where(call.scope(), "vpc_id = ? AND name = ?", defaultVpc(call), name)
        .stream()
        .findFirst()
        .orElseThrow(() -> unknownName(name));
  }

  private static Refused unknownName(String name) {
    return Refused.notFound(
        "security_group_not_found",
        "GroupName",
        "The security group '" + Text.shown(name) + "' does not exist");
  }

  record DeleteSecurityGroup(@Nullable String groupId, @Nullable String groupName) {}

  record DeleteSecurityGroupAnswer(@WireName("return") boolean result, String groupId) {}

  public DeleteSecurityGroupAnswer deleteSecurityGroup(Ec2Call call, DeleteSecurityGroup request) {
    SecurityGroup group = find(call, request.groupId(), request.groupName());
    commands.delete(call.scope(), group);
    return new DeleteSecurityGroupAnswer(true, group.id());
  }

  record DescribeSecurityGroups(
      List<String> groupId,
      List<String> groupName,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record GroupShape(
      String ownerId,
      String groupId,
      String groupName,
      String groupDescription,
      String vpcId,
      List<PermissionShape> ipPermissions,
      List<PermissionShape> ipPermissionsEgress,
      List<Tag> tagSet,
      String securityGroupArn) {}

  record DescribeSecurityGroupsAnswer(
      List<GroupShape> securityGroupInfo, @Nullable String nextToken) {}

  public DescribeSecurityGroupsAnswer describeSecurityGroups(
      Ec2Call call, DescribeSecurityGroups request) {
    defaults.ensure(call);
    Map<String, List<SecurityGroupRule>> rules =
        tables.rules.all(call.scope()).stream()
            .collect(Collectors.groupingBy(SecurityGroupRule::groupId));
    List<Tagged<SecurityGroup>> all = tables.groups.tagged(call.scope());
    List<String> missing =
        request.groupName().stream()
            .filter(name -> all.stream().noneMatch(group -> group.row().name().equals(name)))
            .toList();
    if (!missing.isEmpty()) {
      throw unknownName(String.join(", ", missing));
    }
    List<Tagged<SecurityGroup>> named =
        request.groupName().isEmpty()
            ? all
            : all.stream()
                .filter(group -> request.groupName().contains(group.row().name()))
                .toList();
    Pages.Page<Tagged<SecurityGroup>> page =
        Listing.of(
            call,
            tables.groups,
            named,
            filters(rules, names(all)),
            new Listing.Asked(
                request.groupId(), request.filter(), request.maxResults(), request.nextToken()));
    return new DescribeSecurityGroupsAnswer(
        page.items().stream()
            .map(group -> shape(group, rules.getOrDefault(group.row().id(), List.of())))
            .toList(),
        page.nextToken());
  }

  private static GroupShape shape(Tagged<SecurityGroup> tagged, List<SecurityGroupRule> rules) {
    SecurityGroup group = tagged.row();
    return new GroupShape(
        group.accountId(),
        group.id(),
        group.name(),
        group.description(),
        group.vpcId(),
        PermissionShape.of(rules.stream().filter(rule -> !rule.egress()).toList()),
        PermissionShape.of(rules.stream().filter(SecurityGroupRule::egress).toList()),
        Tag.of(tagged.tags()),
        arn(group));
  }

  private static Filters<Tagged<SecurityGroup>> filters(
      Map<String, List<SecurityGroupRule>> byGroup, Map<String, String> names) {
    Filters<Tagged<SecurityGroup>> filters =
        new Filters<Tagged<SecurityGroup>>()
            .on("group-id", group -> group.row().id())
            .on("group-name", group -> group.row().name())
            .on("description", group -> group.row().description())
            .on("vpc-id", group -> group.row().vpcId())
            .on("owner-id", group -> group.row().accountId())
            .onTags(Tagged::tags);
    for (boolean egress : List.of(false, true)) {
      String prefix = egress ? "egress.ip-permission." : "ip-permission.";
      Rules rules = new Rules(byGroup, egress);
      filters
          .onAny(prefix + "protocol", group -> rules.each(group, SecurityGroupRule::protocol))
          .onAny(prefix + "from-port", group -> rules.each(group, SecurityGroupRule::fromPort))
          .onAny(prefix + "to-port", group -> rules.each(group, SecurityGroupRule::toPort))
          .onAny(prefix + "cidr", group -> rules.each(group, SecurityGroupRule::cidrIpv4))
          .onAny(prefix + "ipv6-cidr", group -> rules.each(group, SecurityGroupRule::cidrIpv6))
          .onAny(prefix + "group-id", group -> rules.each(group, SecurityGroupRule::peerGroupId))
          .onAny(
              prefix + "group-name",
              group ->
                  rules
                      .each(group, SecurityGroupRule::peerGroupId)
                      .map(id -> names.getOrDefault(id, "")))
          .never(prefix + "prefix-list-id")
          .onAny(
              prefix + "user-id",
              group ->
                  rules.each(group, rule -> rule.peerGroupId() == null ? null : rule.accountId()));
    }
    return filters;
  }

  private static Map<String, String> names(List<Tagged<SecurityGroup>> groups) {
    return groups.stream()
        .collect(Collectors.toMap(group -> group.row().id(), group -> group.row().name()));
  }

  private record Rules(Map<String, List<SecurityGroupRule>> byGroup, boolean egress) {
    interface Part {
      @Nullable Object of(SecurityGroupRule rule);
    }

    Stream<String> each(Tagged<SecurityGroup> group, Part part) {
      return byGroup.getOrDefault(group.row().id(), List.of()).stream()
          .filter(rule -> rule.egress() == egress)
          .map(part::of)
          .filter(Objects::nonNull)
          .map(String::valueOf);
    }
  }
}
