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
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Spread;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.WireName;
import brume.compute.network.NetworkTables;
import brume.compute.network.SecurityGroup;
import brume.compute.network.SecurityGroupCommands;
import brume.compute.network.SecurityGroupCommands.Wanted;
import brume.compute.network.SecurityGroupRule;
import brume.compute.resource.Tagged;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// AuthorizeSecurityGroupIngress and -Egress, RevokeSecurityGroupIngress and -Egress,
/// ModifySecurityGroupRules, UpdateSecurityGroupRuleDescriptionsIngress and -Egress,
/// DescribeSecurityGroupRules. Both directions are the same but for the action's name.
@Component
class SecurityGroupRuleActions implements Ec2Actions {
  private static final Filters<Tagged<SecurityGroupRule>> FILTERS =
      new Filters<Tagged<SecurityGroupRule>>()
          .on("group-id", rule -> rule.row().groupId())
          .on("security-group-rule-id", rule -> rule.row().id())
          .onTags(Tagged::tags);

  private final NetworkTables tables;
  private final SecurityGroupCommands commands;
  private final SecurityGroupActions groups;

  SecurityGroupRuleActions(
      NetworkTables tables, SecurityGroupCommands commands, SecurityGroupActions groups) {
    this.tables = tables;
    this.commands = commands;
    this.groups = groups;
  }

  private static boolean isEgress(Ec2Call call) {
    return call.action().endsWith("Egress");
  }

  /// Both forms: permissions, or one rule's parts at the top.
  record Asked(
      @Nullable String groupId,
      List<PermissionShape> ipPermissions,
      @Nullable String ipProtocol,
      @Nullable Integer fromPort,
      @Nullable Integer toPort,
      @Nullable String cidrIp,
      @Nullable String sourceSecurityGroupName,
      @Nullable String sourceSecurityGroupOwnerId) {}

  record AuthorizeIngress(
      @Spread Asked asked, @Nullable String groupName, List<TagSpecification> tagSpecification) {}

  record AuthorizeEgress(@Spread Asked asked, List<TagSpecification> tagSpecification) {}

  record RevokeIngress(
      @Spread Asked asked, @Nullable String groupName, List<String> securityGroupRuleId) {}

  record RevokeEgress(@Spread Asked asked, List<String> securityGroupRuleId) {}

  record PeerShape(String groupId, String userId) {}

  record RuleShape(
      String securityGroupRuleId,
      String groupId,
      String groupOwnerId,
      boolean isEgress,
      String ipProtocol,
      int fromPort,
      int toPort,
      @Nullable String cidrIpv4,
      @Nullable String cidrIpv6,
      @Nullable PeerShape referencedGroupInfo,
      @Nullable String description,
      List<Tag> tagSet,
      String securityGroupRuleArn) {
    static RuleShape of(Tagged<SecurityGroupRule> tagged) {
      SecurityGroupRule rule = tagged.row();
      Integer from = rule.fromPort();
      Integer to = rule.toPort();
      String peer = rule.peerGroupId();
      return new RuleShape(
          rule.id(),
          rule.groupId(),
          rule.accountId(),
          rule.egress(),
          rule.protocol(),
          from == null ? -1 : from,
          to == null ? -1 : to,
          rule.cidrIpv4(),
          rule.cidrIpv6(),
          peer == null ? null : new PeerShape(peer, rule.accountId()),
          rule.description(),
          Tag.of(tagged.tags()),
          "arn:aws:ec2:"
              + rule.region()
              + ":"
              + rule.accountId()
              + ":security-group-rule/"
              + rule.id());
    }
  }

  record AuthorizeAnswer(
      @WireName("return") boolean result, List<RuleShape> securityGroupRuleSet) {}

  public AuthorizeAnswer authorizeSecurityGroupIngress(Ec2Call call, AuthorizeIngress request) {
    return authorize(call, request.asked(), request.groupName(), request.tagSpecification());
  }

  public AuthorizeAnswer authorizeSecurityGroupEgress(Ec2Call call, AuthorizeEgress request) {
    return authorize(call, request.asked(), null, request.tagSpecification());
  }

  private AuthorizeAnswer authorize(
      Ec2Call call, Asked request, @Nullable String groupName, List<TagSpecification> tags) {
    SecurityGroup group = groups.find(call, request.groupId(), groupName);
    List<Wanted> wanted = wanted(call, request);
    if (wanted.isEmpty()) {
      throw Ec2Fault.missing("IpPermissions");
    }
    return new AuthorizeAnswer(
        true,
        commands
            .authorize(
                call.scope(),
                group,
                isEgress(call),
                wanted,
                TagSpecification.of("security-group-rule", tags))
            .stream()
            .map(RuleShape::of)
            .toList());
  }

  private List<Wanted> wanted(Ec2Call call, Asked request) {
    PermissionShape.Names names = name -> groups.find(call, null, name).id();
    if (!request.ipPermissions().isEmpty()) {
      if (request.cidrIp() != null || request.ipProtocol() != null) {
        throw Ec2Fault.combination(
            "IpPermissions may not be combined with CidrIp, IpProtocol or ports");
      }
      return PermissionShape.wanted(request.ipPermissions(), call.accountId(), names);
    }
    if (request.cidrIp() == null && request.sourceSecurityGroupName() == null) {
      return List.of();
    }
    String source = request.sourceSecurityGroupName();
    PermissionShape one =
        new PermissionShape(
            request.ipProtocol() == null && source != null ? "-1" : request.ipProtocol(),
            request.fromPort(),
            request.toPort(),
            source == null
                ? List.of()
                : List.of(
                    new PermissionShape.PeerShape(
                        null, source, request.sourceSecurityGroupOwnerId(), null, null)),
            request.cidrIp() == null
                ? List.of()
                : List.of(new PermissionShape.RangeShape(request.cidrIp(), null)),
            List.of(),
            List.of());
    return PermissionShape.wanted(List.of(one), call.accountId(), names);
  }

  record RevokeAnswer(
      @WireName("return") boolean result,
      List<RevokedShape> revokedSecurityGroupRuleSet,
      @Nullable List<PermissionShape> unknownIpPermissionSet) {}

  record RevokedShape(
      String securityGroupRuleId,
      String groupId,
      boolean isEgress,
      String ipProtocol,
      int fromPort,
      int toPort,
      @Nullable String cidrIpv4,
      @Nullable String cidrIpv6,
      @Nullable String referencedGroupId,
      @Nullable String description) {}

  public RevokeAnswer revokeSecurityGroupIngress(Ec2Call call, RevokeIngress request) {
    return revoke(call, request.asked(), request.groupName(), request.securityGroupRuleId());
  }

  public RevokeAnswer revokeSecurityGroupEgress(Ec2Call call, RevokeEgress request) {
    return revoke(call, request.asked(), null, request.securityGroupRuleId());
  }

  private RevokeAnswer revoke(
      Ec2Call call, Asked request, @Nullable String groupName, List<String> ruleIds) {
    SecurityGroup group = groups.find(call, request.groupId(), groupName);
    List<Wanted> wanted = wanted(call, request);
    if (wanted.isEmpty() && ruleIds.isEmpty()) {
      throw Ec2Fault.missing("IpPermissions");
    }
    SecurityGroupCommands.Revoked revoked =
        commands.revoke(
            call.scope(),
            group,
            isEgress(call),
            wanted.stream().map(Wanted::traffic).toList(),
            ruleIds);
    return new RevokeAnswer(
        true,
        revoked.rules().stream().map(SecurityGroupRuleActions::revoked).toList(),
        revoked.unknown().isEmpty() ? null : PermissionShape.unknown(call, revoked.unknown()));
  }

  private static RevokedShape revoked(SecurityGroupRule rule) {
    Integer from = rule.fromPort();
    Integer to = rule.toPort();
    return new RevokedShape(
        rule.id(),
        rule.groupId(),
        rule.egress(),
        rule.protocol(),
        from == null ? -1 : from,
        to == null ? -1 : to,
        rule.cidrIpv4(),
        rule.cidrIpv6(),
        rule.peerGroupId(),
        rule.description());
  }

  record DescribeSecurityGroupRules(
      List<String> securityGroupRuleId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeSecurityGroupRulesAnswer(
      List<RuleShape> securityGroupRuleSet, @Nullable String nextToken) {}

  public DescribeSecurityGroupRulesAnswer describeSecurityGroupRules(
      Ec2Call call, DescribeSecurityGroupRules request) {
    request.filter().stream()
        .filter(filter -> "group-id".equals(filter.name()))
        .flatMap(filter -> filter.values().stream())
        .filter(id -> !id.matches(".*[*?].*") && !id.startsWith("sg-"))
        .findFirst()
        .ifPresent(id -> {
          throw new Ec2Fault(
              "InvalidGroupId.Malformed",
              "The security group ID '" + Text.shown(id) + "' is malformed");
        });
    Pages.Page<Tagged<SecurityGroupRule>> page =
        Listing.of(
            call,
            tables.rules,
            FILTERS,
            new Listing.Asked(
                request.securityGroupRuleId(),
                request.filter(),
                request.maxResults(),
                request.nextToken()));
    return new DescribeSecurityGroupRulesAnswer(
        page.items().stream().map(RuleShape::of).toList(), page.nextToken());
  }

  record RuleRequest(
      @Nullable String ipProtocol,
      @Nullable Integer fromPort,
      @Nullable Integer toPort,
      @Nullable String cidrIpv4,
      @Nullable String cidrIpv6,
      @Nullable String prefixListId,
      @Nullable String referencedGroupId,
      @Nullable String description) {
    PermissionShape permission(SecurityGroupRule before) {
      return new PermissionShape(
          ipProtocol == null ? before.protocol() : ipProtocol,
          ipProtocol == null && fromPort == null ? before.fromPort() : fromPort,
          ipProtocol == null && toPort == null ? before.toPort() : toPort,
          referencedGroupId == null
              ? List.of()
              : List.of(
                  new PermissionShape.PeerShape(referencedGroupId, null, null, null, description)),
          cidrIpv4 == null
              ? List.of()
              : List.of(new PermissionShape.RangeShape(cidrIpv4, description)),
          cidrIpv6 == null
              ? List.of()
              : List.of(new PermissionShape.Range6Shape(cidrIpv6, description)),
          prefixListId == null
              ? List.of()
              : List.of(new PermissionShape.PrefixShape(prefixListId, description)));
    }
  }

  record RuleChange(
      @Nullable String securityGroupRuleId, @Nullable RuleRequest securityGroupRule) {}

  record ModifySecurityGroupRules(
      @Required String groupId, @Required List<RuleChange> securityGroupRule) {}

  public Done modifySecurityGroupRules(Ec2Call call, ModifySecurityGroupRules request) {
    SecurityGroup group = groups.find(call, request.groupId(), null);
    PermissionShape.Names names = name -> groups.find(call, null, name).id();
    for (RuleChange change : request.securityGroupRule()) {
      if (change.securityGroupRuleId() == null || change.securityGroupRule() == null) {
        throw Ec2Fault.missing(
            change.securityGroupRuleId() == null
                ? "SecurityGroupRule.SecurityGroupRuleId"
                : "SecurityGroupRule.SecurityGroupRule");
      }
      SecurityGroupRule before = tables.rules.require(call.scope(), change.securityGroupRuleId());
      if (!before.groupId().equals(group.id())) {
        throw tables.rules.kind().unknown(before.id());
      }
      List<Wanted> wanted =
          PermissionShape.wanted(
              List.of(change.securityGroupRule().permission(before)), call.accountId(), names);
      if (wanted.size() != 1) {
        throw Ec2Fault.combination("A rule has one peer, not " + wanted.size());
      }
      commands.modify(call.scope(), before, wanted.getFirst());
    }
    return Done.TRUE;
  }

  record Describe(
      @Nullable String groupId,
      @Nullable String groupName,
      List<PermissionShape> ipPermissions,
      List<DescribedShape> securityGroupRuleDescription) {}

  record DescribedShape(@Nullable String securityGroupRuleId, @Nullable String description) {}

  public Done updateSecurityGroupRuleDescriptionsIngress(Ec2Call call, Describe request) {
    return describe(call, request);
  }

  public Done updateSecurityGroupRuleDescriptionsEgress(Ec2Call call, Describe request) {
    return describe(call, request);
  }

  private Done describe(Ec2Call call, Describe request) {
    SecurityGroup group = groups.find(call, request.groupId(), request.groupName());
    PermissionShape.Names names = name -> groups.find(call, null, name).id();
    List<SecurityGroupRule> rules =
        tables.rules.where(call.scope(), "group_id = ? AND egress = ?", group.id(), isEgress(call));
    if (request.ipPermissions().isEmpty() && request.securityGroupRuleDescription().isEmpty()) {
      throw Ec2Fault.missing("IpPermissions");
    }
    for (Wanted wanted : PermissionShape.wanted(request.ipPermissions(), call.accountId(), names)) {
      SecurityGroupRule rule =
          rules.stream()
              .filter(one -> one.traffic().equals(wanted.traffic()))
              .findFirst()
              .orElseThrow(() ->
                  new Ec2Fault(
                      "InvalidPermission.NotFound",
                      "The specified rule does not exist in this security group."));
      commands.describe(call.scope(), rule, wanted.description());
    }
    for (DescribedShape described : request.securityGroupRuleDescription()) {
      SecurityGroupRule rule =
          tables.rules.require(call.scope(), String.valueOf(described.securityGroupRuleId()));
      commands.describe(call.scope(), rule, described.description());
    }
    return Done.TRUE;
  }
}
