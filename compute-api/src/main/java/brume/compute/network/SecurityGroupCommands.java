package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes and deletes security groups, and gives and takes their rules.
@Component
public class SecurityGroupCommands {
  public static final int GROUPS_MAX = 2_500;
  public static final int RULES_MAX = 60;
  private static final Pattern TEXT =
      Pattern.compile("[a-zA-Z0-9 ._\\-:/()#,@\\[\\]+=&;{}!$*]{1,255}");

  /// A rule as it is asked for.
  public record Wanted(SecurityGroupRule.Traffic traffic, @Nullable String description) {}

  private final NetworkTables tables;
  private final SubnetAddresses addresses;
  private final AccountStore accounts;
  private final IdGenerator ids;

  SecurityGroupCommands(
      NetworkTables tables, SubnetAddresses addresses, AccountStore accounts, IdGenerator ids) {
    this.tables = tables;
    this.addresses = addresses;
    this.accounts = accounts;
    this.ids = ids;
  }

  @Transactional
  public Tagged<SecurityGroup> create(
      Scope scope, String vpcId, String name, String description, Map<String, String> tags) {
    accounts.lock(scope.accountId());
    tables.vpcs.require(scope, vpcId);
    if (name.startsWith("sg-") || !TEXT.matcher(name).matches()) {
      throw Refused.invalid(
          "GroupName",
          "Value ("
              + Fields.shown(name)
              + ") for parameter GroupName is invalid. It must have 1 to 255 characters of"
              + " a-z A-Z 0-9 spaces and ._-:/()#,@[]+=&;{}!$*, and not begin with sg-.");
    }
    if (!TEXT.matcher(description).matches()) {
      throw Refused.invalid(
          "GroupDescription",
          "Value ("
              + Fields.shown(description)
              + ") for parameter GroupDescription is invalid. Character sets beyond ASCII are not"
              + " supported, and there may be 255 characters.");
    }
    if (name.equals(SecurityGroup.DEFAULT)) {
      throw Refused.invalid(
          "GroupName", "Cannot use reserved security group name: " + SecurityGroup.DEFAULT);
    }
    if (!tables.groups.where(scope, "vpc_id = ? AND name = ?", vpcId, name).isEmpty()) {
      throw Refused.conflict(
          "security_group_duplicate",
          "The security group '" + name + "' already exists for VPC '" + vpcId + "'");
    }
    if (tables.groups.all(scope).size() >= GROUPS_MAX) {
      throw Refused.conflict(
          "security_group_limit_exceeded",
          "The maximum number of security groups has been reached: " + GROUPS_MAX);
    }
    return insert(scope, vpcId, name, description, tags);
  }

  /// Everything of its own may come in, everything may go out.
  SecurityGroup createDefault(Scope scope, String vpcId) {
    SecurityGroup group =
        insert(scope, vpcId, SecurityGroup.DEFAULT, "default VPC security group", Map.of()).row();
    insert(
        scope,
        group.id(),
        false,
        new Wanted(new SecurityGroupRule.Traffic("-1", null, null, null, null, group.id()), null));
    return group;
  }

  private Tagged<SecurityGroup> insert(
      Scope scope, String vpcId, String name, String description, Map<String, String> tags) {
    String id = ids.next("sg-");
    Tagged<SecurityGroup> made =
        tables.groups.insert(
            new SecurityGroup(id, scope.accountId(), scope.region(), vpcId, name, description),
            tags);
    insert(
        scope,
        id,
        true,
        new Wanted(new SecurityGroupRule.Traffic("-1", null, null, "0.0.0.0/0", null, null), null));
    return made;
  }

  private SecurityGroupRule insert(Scope scope, String groupId, boolean egress, Wanted wanted) {
    SecurityGroupRule.Traffic traffic = wanted.traffic();
    SecurityGroupRule rule =
        new SecurityGroupRule(
            ids.next("sgr-"),
            scope.accountId(),
            scope.region(),
            groupId,
            egress,
            traffic.protocol(),
            traffic.fromPort(),
            traffic.toPort(),
            traffic.cidrIpv4(),
            traffic.cidrIpv6(),
            traffic.peerGroupId(),
            wanted.description());
    tables.rules.insert(rule, Map.of());
    return rule;
  }

  @Transactional
  public void delete(Scope scope, SecurityGroup group) {
    accounts.lock(scope.accountId());
    if (group.name().equals(SecurityGroup.DEFAULT)) {
      throw Refused.conflict(
          "cannot_delete",
          "the specified group: \""
              + group.id()
              + "\" name: \"default\" cannot be deleted by a user");
    }
    addresses.releaseEnded(scope);
    boolean used =
        !tables
                .interfaces
                .where(scope, "security_groups @> to_jsonb(ARRAY[?]::text[])", group.id())
                .isEmpty()
            || !tables
                .rules
                .where(scope, "peer_group_id = ? AND group_id <> ?", group.id(), group.id())
                .isEmpty();
    if (used) {
      throw Refused.conflict(
          "dependency_violation", "resource " + group.id() + " has a dependent object");
    }
    remove(scope, group);
  }

  void remove(Scope scope, SecurityGroup group) {
    tables.rules.where(scope, "group_id = ?", group.id()).forEach(tables.rules::delete);
    tables.groups.delete(group);
  }

  @Transactional
  public List<Tagged<SecurityGroupRule>> authorize(
      Scope scope,
      SecurityGroup group,
      boolean egress,
      List<Wanted> wanted,
      Map<String, String> tags) {
    accounts.lock(scope.accountId());
    List<SecurityGroupRule> present =
        tables.rules.where(scope, "group_id = ? AND egress = ?", group.id(), egress);
    List<SecurityGroupRule.Traffic> traffic =
        new ArrayList<>(present.stream().map(SecurityGroupRule::traffic).toList());
    List<Tagged<SecurityGroupRule>> made = new ArrayList<>();
    for (Wanted one : wanted) {
      if (traffic.contains(one.traffic())) {
        boolean twice = present.stream().noneMatch(rule -> rule.traffic().equals(one.traffic()));
        throw twice
            ? Refused.invalid("IpPermissions", "The same permission must not appear multiple times")
            : duplicate(one.traffic());
      }
      if (one.traffic().peerGroupId() != null) {
        tables.groups.require(scope, one.traffic().peerGroupId());
      }
      traffic.add(one.traffic());
      if (traffic.size() > RULES_MAX) {
        throw Refused.conflict(
            "rules_per_security_group_limit_exceeded",
            "The maximum number of rules per security group has been reached: " + RULES_MAX);
      }
      SecurityGroupRule rule = insert(scope, group.id(), egress, one);
      tables.rules.tag(rule, tags);
      made.add(new Tagged<>(rule, tags));
    }
    return made;
  }

  private static String shown(SecurityGroupRule.Traffic traffic) {
    String peer =
        traffic.cidrIpv4() != null
            ? traffic.cidrIpv4()
            : traffic.cidrIpv6() != null ? traffic.cidrIpv6() : traffic.peerGroupId();
    return "peer: "
        + peer
        + ", "
        + traffic.protocol().toUpperCase(Locale.ROOT)
        + ", from port: "
        + traffic.fromPort()
        + ", to port: "
        + traffic.toPort()
        + ", ALLOW";
  }

  /// @param unknown what was not there; only in a default network is that no mistake
  public record Revoked(List<SecurityGroupRule> rules, List<SecurityGroupRule.Traffic> unknown) {}

  /// Another traffic or description for a rule, which keeps its id, tags and direction.
  @Transactional
  public void modify(Scope scope, SecurityGroupRule rule, Wanted wanted) {
    accounts.lock(scope.accountId());
    SecurityGroupRule.Traffic traffic = wanted.traffic();
    if (traffic.peerGroupId() != null) {
      tables.groups.require(scope, traffic.peerGroupId());
    }
    tables.rules.where(scope, "group_id = ? AND egress = ?", rule.groupId(), rule.egress()).stream()
        .filter(other -> !other.id().equals(rule.id()) && other.traffic().equals(traffic))
        .findFirst()
        .ifPresent(other -> {
          throw duplicate(traffic);
        });
    tables.rules.update(rule.with(traffic, wanted.description()));
  }

  private static Refused duplicate(SecurityGroupRule.Traffic traffic) {
    return Refused.conflict(
        "permission_duplicate", "the specified rule \"" + shown(traffic) + "\" already exists");
  }

  @Transactional
  public Revoked revoke(
      Scope scope,
      SecurityGroup group,
      boolean egress,
      List<SecurityGroupRule.Traffic> wanted,
      List<String> ruleIds) {
    accounts.lock(scope.accountId());
    List<SecurityGroupRule> present =
        tables.rules.where(scope, "group_id = ? AND egress = ?", group.id(), egress);
    List<SecurityGroupRule> gone = new ArrayList<>();
    List<SecurityGroupRule.Traffic> unknown = new ArrayList<>();
    for (SecurityGroupRule.Traffic traffic : wanted) {
      present.stream()
          .filter(rule -> rule.traffic().equals(traffic))
          .findFirst()
          .ifPresentOrElse(gone::add, () -> unknown.add(traffic));
    }
    if (!unknown.isEmpty() && !tables.vpcs.require(scope, group.vpcId()).isDefault()) {
      throw Refused.notFound(
          "permission_not_found",
          "IpPermissions",
          "The specified rule does not exist in this security group.");
    }
    for (String id : ruleIds) {
      gone.add(
          present.stream()
              .filter(rule -> rule.id().equals(id))
              .findFirst()
              .orElseThrow(() -> tables.rules.kind().unknown(id)));
    }
    List<SecurityGroupRule> once = gone.stream().distinct().toList();
    once.forEach(tables.rules::delete);
    return new Revoked(once, unknown);
  }

  @Transactional
  public void describe(Scope scope, SecurityGroupRule rule, @Nullable String description) {
    accounts.lock(scope.accountId());
    tables.rules.update(rule.with(rule.traffic(), description));
  }
}
