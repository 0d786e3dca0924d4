package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes and deletes virtual networks and their subnets.
@Component
public class VpcCommands {
  public static final int VPCS_MAX = 500;
  public static final int SUBNETS_MAX = 200;
  private static final int BITS_MIN = 16;
  private static final int BITS_MAX = 28;

  private final NetworkTables tables;
  private final SecurityGroupCommands groups;
  private final SubnetAddresses addresses;
  private final NetworkAclCommands acls;
  private final AccountStore accounts;
  private final IdGenerator ids;
  private final Clock clock;

  VpcCommands(
      NetworkTables tables,
      SecurityGroupCommands groups,
      SubnetAddresses addresses,
      NetworkAclCommands acls,
      AccountStore accounts,
      IdGenerator ids,
      Clock clock) {
    this.tables = tables;
    this.groups = groups;
    this.addresses = addresses;
    this.acls = acls;
    this.accounts = accounts;
    this.ids = ids;
    this.clock = clock;
  }

  /// With its default security group and its main route table.
  @Transactional
  public Tagged<Vpc> create(
      Scope scope, String block, String tenancy, boolean isDefault, Map<String, String> tags) {
    accounts.lock(scope.accountId());
    Cidr cidr = block("vpc_range", "cidrBlock", block);
    Fields.oneOf("instanceTenancy", tenancy, List.of("default", "dedicated"));
    if (tables.vpcs.all(scope).size() >= VPCS_MAX) {
      throw Refused.conflict(
          "vpc_limit_exceeded",
          "The maximum number of VPCs has been reached: " + VPCS_MAX + " in a region");
    }
    Vpc vpc =
        new Vpc(
            ids.next("vpc-"),
            scope.accountId(),
            scope.region(),
            cidr.toString(),
            isDefault,
            tenancy,
            true,
            isDefault,
            clock.instant(),
            null,
            List.of());
    Tagged<Vpc> made = tables.vpcs.insert(vpc, tags);
    groups.createDefault(scope, vpc.id());
    acls.createDefault(scope, vpc.id());
    String table = ids.next("rtb-");
    tables.routeTables.insert(
        new RouteTable(
            table, scope.accountId(), scope.region(), vpc.id(), List.of(), clock.instant()),
        Map.of());
    tables.associations.insert(
        new RouteTableAssociation(
            ids.next("rtbassoc-"), scope.accountId(), scope.region(), table, vpc.id(), null),
        Map.of());
    return made;
  }

  static Cidr block(String rangeCode, String field, String text) {
    Cidr cidr =
        Cidr.parse(text)
            .orElseThrow(() ->
                Refused.invalid(
                    field,
                    "Value ("
                        + Fields.shown(text)
                        + ") for parameter "
                        + field
                        + " is invalid. This is not a valid CIDR block."));
    if (cidr.bits() < BITS_MIN || cidr.bits() > BITS_MAX) {
      throw Refused.invalid(rangeCode, field, "The CIDR '" + Fields.shown(text) + "' is invalid.");
    }
    return cidr;
  }

  /// Gives a network one more block, which must not overlap with those it has.
  @Transactional
  public Vpc.Block addBlock(Scope scope, String id, String text) {
    accounts.lock(scope.accountId());
    Vpc vpc = tables.vpcs.require(scope, id);
    Cidr cidr = block("vpc_range", "cidrBlock", text);
    for (Vpc.Block one : vpc.blocks()) {
      Cidr taken = Cidr.parse(one.cidrBlock()).orElseThrow();
      if (taken.contains(cidr) || cidr.contains(taken)) {
        throw Refused.conflict(
            "cidr_conflict",
            "The CIDR '" + cidr + "' conflicts with '" + taken + "', which " + id + " has already");
      }
    }
    if (vpc.blocks().size() >= Vpc.BLOCKS_MAX) {
      throw Refused.conflict(
          "cidr_limit_exceeded",
          "This network '"
              + id
              + "' has met its maximum number of allowed CIDRs: "
              + Vpc.BLOCKS_MAX);
    }
    Vpc.Block added = new Vpc.Block(ids.next("vpc-cidr-assoc-"), cidr.toString());
    List<Vpc.Block> more = new ArrayList<>(vpc.moreBlocks());
    more.add(added);
    tables.vpcs.update(vpc.withMoreBlocks(more));
    return added;
  }

  /// Takes a block from whichever network has it; the first one stays, and so does one in use.
  ///
  /// @return the network as it was
  @Transactional
  public Vpc removeBlock(Scope scope, String blockId) {
    accounts.lock(scope.accountId());
    Vpc vpc =
        tables.vpcs.all(scope).stream()
            .filter(one -> one.blocks().stream().anyMatch(block -> block.id().equals(blockId)))
            .findFirst()
            .orElseThrow(() ->
                Refused.notFound(
                    "vpc_block_not_found",
                    "AssociationId",
                    "The vpc CIDR block association ID '"
                        + Fields.shown(blockId)
                        + "' does not exist"));
    if (vpc.blocks().getFirst().id().equals(blockId)) {
      throw Refused.conflict(
          "operation_not_permitted",
          "The vpc CIDR block with association ID "
              + blockId
              + " may not be disassociated. It is the primary IPv4 CIDR block of the VPC");
    }
    for (Vpc.Block block : vpc.moreBlocks()) {
      if (block.id().equals(blockId)) {
        requireUnused(scope, vpc, Cidr.parse(block.cidrBlock()).orElseThrow());
      }
    }
    tables.vpcs.update(
        vpc.withMoreBlocks(
            vpc.moreBlocks().stream().filter(block -> !block.id().equals(blockId)).toList()));
    return vpc;
  }

  private void requireUnused(Scope scope, Vpc vpc, Cidr block) {
    for (Subnet subnet : tables.subnets.where(scope, "vpc_id = ?", vpc.id())) {
      if (block.contains(Cidr.parse(subnet.cidrBlock()).orElseThrow())) {
        throw Refused.conflict(
            "vpc_block_in_use",
            "The vpc "
                + vpc.id()
                + " currently has a subnet within CIDR block "
                + block
                + ": "
                + subnet.id());
      }
    }
  }

  @Transactional
  public void setDns(Scope scope, String id, @Nullable Boolean support, @Nullable Boolean names) {
    accounts.lock(scope.accountId());
    Vpc vpc = tables.vpcs.require(scope, id);
    tables.vpcs.update(
        vpc.withDns(
            support == null ? vpc.dnsSupport() : support,
            names == null ? vpc.dnsHostnames() : names));
  }

  /// Only an empty one: its own default group and main route table go with it.
  @Transactional
  public void delete(Scope scope, String id) {
    accounts.lock(scope.accountId());
    Vpc vpc = tables.vpcs.require(scope, id);
    addresses.releaseEnded(scope);
    boolean used =
        !tables.subnets.where(scope, "vpc_id = ?", id).isEmpty()
            || !tables.gateways.where(scope, "vpc_id = ?", id).isEmpty()
            || !tables.groups.where(scope, "vpc_id = ? AND name <> 'default'", id).isEmpty()
            || !tables.acls.where(scope, "vpc_id = ? AND NOT is_default", id).isEmpty()
            || tables.routeTables.where(scope, "vpc_id = ?", id).size() > 1;
    if (used) {
      throw Refused.conflict(
          "dependency_violation", "The vpc '" + id + "' has dependencies and cannot be deleted.");
    }
    tables.associations.where(scope, "vpc_id = ?", id).forEach(tables.associations::delete);
    tables.routeTables.where(scope, "vpc_id = ?", id).forEach(tables.routeTables::delete);
    tables.groups.where(scope, "vpc_id = ?", id).forEach(group -> groups.remove(scope, group));
    acls.deleteAll(scope, id);
    tables.vpcs.delete(vpc);
  }

  @Transactional
  public Tagged<Subnet> createSubnet(
      Scope scope, String vpcId, String block, String zone, Map<String, String> tags) {
    return createSubnet(scope, vpcId, block, zone, false, tags);
  }

  @Transactional
  public Tagged<Subnet> createSubnet(
      Scope scope,
      String vpcId,
      String block,
      String zone,
      boolean isDefault,
      Map<String, String> tags) {
    accounts.lock(scope.accountId());
    Vpc vpc = tables.vpcs.require(scope, vpcId);
    Cidr cidr = block("subnet_range", "cidrBlock", block);
    if (vpc.blocks().stream()
        .noneMatch(one -> Cidr.parse(one.cidrBlock()).orElseThrow().contains(cidr))) {
      throw Refused.invalid("subnet_range", "cidrBlock", "The CIDR '" + cidr + "' is invalid.");
    }
    List<Subnet> others = tables.subnets.where(scope, "vpc_id = ?", vpcId);
    for (Subnet other : others) {
      Cidr taken = Cidr.parse(other.cidrBlock()).orElseThrow();
      if (taken.contains(cidr) || cidr.contains(taken)) {
        throw Refused.conflict(
            "subnet_conflict", "The CIDR '" + cidr + "' conflicts with another subnet");
      }
    }
    if (others.size() >= SUBNETS_MAX) {
      throw Refused.conflict(
          "subnet_limit_exceeded",
          "The maximum number of subnets has been reached: " + SUBNETS_MAX + " in a vpc");
    }
    Tagged<Subnet> made =
        tables.subnets.insert(
            new Subnet(
                ids.next("subnet-"),
                scope.accountId(),
                scope.region(),
                vpcId,
                zone,
                cidr.toString(),
                isDefault,
                isDefault,
                clock.instant()),
            tags);
    acls.adopt(scope, made.row());
    return made;
  }

  @Transactional
  public void mapPublicIp(Scope scope, String subnetId, boolean map) {
    accounts.lock(scope.accountId());
    tables.subnets.update(tables.subnets.require(scope, subnetId).withMapPublicIp(map));
  }

  @Transactional
  public void deleteSubnet(Scope scope, String id) {
    accounts.lock(scope.accountId());
    Subnet subnet = tables.subnets.require(scope, id);
    addresses.releaseEnded(scope);
    if (!tables.interfaces.where(scope, "subnet_id = ?", id).isEmpty()) {
      throw Refused.conflict(
          "dependency_violation",
          "The subnet '" + id + "' has dependencies and cannot be deleted.");
    }
    tables.associations.where(scope, "subnet_id = ?", id).forEach(tables.associations::delete);
    acls.release(scope, subnet);
    tables.subnets.delete(subnet);
  }
}
