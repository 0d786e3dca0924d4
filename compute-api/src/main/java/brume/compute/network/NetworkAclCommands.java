package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes, changes and deletes network ACLs, and says which subnet follows which.
@Component
public class NetworkAclCommands {
  public static final int ACLS_MAX = 200;
  public static final int ENTRIES_MAX = 40;

  private final NetworkTables tables;
  private final AccountStore accounts;
  private final IdGenerator ids;
  private final Clock clock;

  NetworkAclCommands(NetworkTables tables, AccountStore accounts, IdGenerator ids, Clock clock) {
    this.tables = tables;
    this.accounts = accounts;
    this.ids = ids;
    this.clock = clock;
  }

  /// One that denies everything.
  @Transactional
  public Tagged<NetworkAcl> create(Scope scope, String vpcId, Map<String, String> tags) {
    accounts.lock(scope.accountId());
    tables.vpcs.require(scope, vpcId);
    if (tables.acls.where(scope, "vpc_id = ?", vpcId).size() >= ACLS_MAX) {
      throw Refused.conflict(
          "network_acl_limit_exceeded",
          "The maximum number of network ACLs has been reached: " + ACLS_MAX + " in a vpc");
    }
    return tables.acls.insert(acl(scope, vpcId, false, List.of()), tags);
  }

  /// The one of a new network, which lets everything pass.
  void createDefault(Scope scope, String vpcId) {
    List<NetworkAcl.Entry> entries =
        List.of(NetworkAcl.Entry.ofAll(100, false, true), NetworkAcl.Entry.ofAll(100, true, true));
    tables.acls.insert(acl(scope, vpcId, true, entries), Map.of());
  }

  private NetworkAcl acl(
      Scope scope, String vpcId, boolean isDefault, List<NetworkAcl.Entry> entries) {
    return new NetworkAcl(
        ids.next("acl-"),
        scope.accountId(),
        scope.region(),
        vpcId,
        isDefault,
        entries,
        clock.instant());
  }

  private NetworkAcl defaultOf(Scope scope, String vpcId) {
    return tables.acls.where(scope, "vpc_id = ? AND is_default", vpcId).getFirst();
  }

  /// A new subnet follows its network's default list.
  void adopt(Scope scope, Subnet subnet) {
    associate(scope, defaultOf(scope, subnet.vpcId()).id(), subnet.id());
  }

  private NetworkAcl.Association associate(Scope scope, String aclId, String subnetId) {
    NetworkAcl.Association made =
        new NetworkAcl.Association(
            ids.next("aclassoc-"), scope.accountId(), scope.region(), aclId, subnetId);
    tables.aclAssociations.insert(made, Map.of());
    return made;
  }

  void release(Scope scope, Subnet subnet) {
    tables
        .aclAssociations
        .where(scope, "subnet_id = ?", subnet.id())
        .forEach(tables.aclAssociations::delete);
  }

  @Transactional
  public void delete(Scope scope, String id) {
    accounts.lock(scope.accountId());
    NetworkAcl acl = tables.acls.require(scope, id);
    if (acl.isDefault()) {
      throw Refused.invalid(
          "NetworkAclId", "cannot delete default network ACL " + id + ": it goes with its network");
    }
    if (!tables.aclAssociations.where(scope, "network_acl_id = ?", id).isEmpty()) {
      throw Refused.conflict(
          "dependency_violation",
          "The networkAcl '" + id + "' has dependencies and cannot be deleted.");
    }
    tables.acls.delete(acl);
  }

  void deleteAll(Scope scope, String vpcId) {
    tables.acls.where(scope, "vpc_id = ?", vpcId).forEach(tables.acls::delete);
  }

  /// @param replaces whether an entry with this number must be there, or must not
  @Transactional
  public void put(Scope scope, String id, NetworkAcl.Entry entry, boolean replaces) {
    accounts.lock(scope.accountId());
    NetworkAcl acl = tables.acls.require(scope, id);
    Fields.range("RuleNumber", entry.number(), 1, NetworkAcl.LAST_NUMBER - 1);
    List<NetworkAcl.Entry> entries = new ArrayList<>(acl.entries());
    boolean there = entries.removeIf(one -> one.isAt(entry.number(), entry.egress()));
    if (there && !replaces) {
      throw Refused.conflict(
          "network_acl_entry_exists",
          "The network acl entry identified by " + entry.number() + " already exists.");
    }
    if (!there && replaces) {
      throw unknown(entry.number());
    }
    entries.add(entry);
    if (entries.size() > ENTRIES_MAX) {
      throw Refused.conflict(
          "network_acl_entry_limit_exceeded",
          "The maximum number of network ACL entries has been reached: " + ENTRIES_MAX);
    }
    entries.sort(Comparator.comparingInt(NetworkAcl.Entry::number));
    tables.acls.update(acl.with(entries));
  }

  @Transactional
  public void remove(Scope scope, String id, int number, boolean egress) {
    accounts.lock(scope.accountId());
    NetworkAcl acl = tables.acls.require(scope, id);
    List<NetworkAcl.Entry> entries = new ArrayList<>(acl.entries());
    if (!entries.removeIf(one -> one.isAt(number, egress))) {
      throw unknown(number);
    }
    tables.acls.update(acl.with(entries));
  }

  private static Refused unknown(int number) {
    return Refused.notFound(
        "network_acl_entry_not_found",
        "RuleNumber",
        "The network acl entry identified by " + number + " does not exist.");
  }

  /// @return the association in the place of the old one
  @Transactional
  public NetworkAcl.Association replace(Scope scope, String associationId, String aclId) {
    accounts.lock(scope.accountId());
    NetworkAcl.Association before = tables.aclAssociations.require(scope, associationId);
    NetworkAcl acl = tables.acls.require(scope, aclId);
    Subnet subnet = tables.subnets.require(scope, before.subnetId());
    if (!subnet.vpcId().equals(acl.vpcId())) {
      throw Refused.invalid(
          "NetworkAclId",
          "The network ACL " + aclId + " and the subnet " + subnet.id() + " are in other networks");
    }
    tables.aclAssociations.delete(before);
    return associate(scope, aclId, subnet.id());
  }
}
