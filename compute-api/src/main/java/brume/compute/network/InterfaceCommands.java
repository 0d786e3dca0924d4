package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes, attaches and deletes network interfaces; finds them addresses.
@Component
public class InterfaceCommands {
  public static final int GROUPS_MAX = 5;
  public static final int INTERFACES_MAX = 5_000;

  private final NetworkTables tables;
  private final AccountStore accounts;
  private final JdbcClient database;
  private final IdGenerator ids;
  private final RandomGenerator random;
  private final Clock clock;

  InterfaceCommands(
      NetworkTables tables,
      AccountStore accounts,
      JdbcClient database,
      IdGenerator ids,
      RandomGenerator random,
      Clock clock) {
    this.tables = tables;
    this.accounts = accounts;
    this.database = database;
    this.ids = ids;
    this.random = random;
    this.clock = clock;
  }

  /// What an interface shall be.
  ///
  /// @param groups ids; the network's default group where there are none
  /// @param privateIp null for any that is free
  public record Wanted(
      String subnetId, String description, List<String> groups, @Nullable String privateIp) {}

  @Transactional
  public Tagged<NetworkInterface> create(Scope scope, Wanted wanted, Map<String, String> tags) {
    accounts.lock(scope.accountId());
    Subnet subnet = tables.subnets.require(scope, wanted.subnetId());
    NetworkInterface made = make(scope, subnet, wanted, 1).getFirst();
    return tables.interfaces.insert(made, tags);
  }

  /// One for each of several instances, each the first of its instance.
  @Transactional
  public List<NetworkInterface> createFor(
      Scope scope, Wanted wanted, List<String> instances, Instant at) {
    Subnet subnet = tables.subnets.require(scope, wanted.subnetId());
    List<NetworkInterface> made = make(scope, subnet, wanted, instances.size());
    List<NetworkInterface> attached = new ArrayList<>();
    for (int i = 0; i < instances.size(); i++) {
      NetworkInterface one =
          made.get(i)
              .attached(
                  new NetworkInterface.Attachment(ids.next("eni-attach-"), instances.get(i), 0, at),
                  true);
      tables.interfaces.insert(one, Map.of());
      attached.add(one);
    }
    return attached;
  }

  private List<NetworkInterface> make(Scope scope, Subnet subnet, Wanted wanted, int count) {
    List<String> groups = groups(scope, subnet.vpcId(), wanted.groups());
    Fields.text("description", wanted.description(), 0, 255);
    List<NetworkInterface> made = new ArrayList<>();
    for (long address : addresses(scope, subnet, wanted.privateIp(), count)) {
      made.add(
          new NetworkInterface(
              ids.next("eni-"),
              scope.accountId(),
              scope.region(),
              subnet.vpcId(),
              subnet.id(),
              subnet.zone(),
              wanted.description(),
              address,
              mac(),
              groups,
              true,
              null,
              null,
              null,
              null,
              false,
              clock.instant()));
    }
    return made;
  }

  /// The groups that are asked for, all of this network; without any its default group.
  List<String> groups(Scope scope, String vpcId, List<String> wanted) {
    if (wanted.isEmpty()) {
      return tables.groups.where(scope, "vpc_id = ? AND name = 'default'", vpcId).stream()
          .map(SecurityGroup::id)
          .toList();
    }
    if (wanted.size() > GROUPS_MAX) {
      throw Refused.conflict(
          "security_groups_per_interface_limit_exceeded",
          "An interface has at most " + GROUPS_MAX + " security groups, not " + wanted.size());
    }
    for (String id : wanted) {
      SecurityGroup group = tables.groups.require(scope, id);
      if (!group.vpcId().equals(vpcId)) {
        throw Refused.invalid(
            "SecurityGroupId",
            "Security group " + id + " and the subnet belong to different networks.");
      }
    }
    return wanted.stream().distinct().toList();
  }

  private List<Long> addresses(Scope scope, Subnet subnet, @Nullable String wanted, int count) {
    Cidr cidr = Cidr.parse(subnet.cidrBlock()).orElseThrow();
    if (wanted != null) {
      long address = Cidr.address(wanted).orElse(-1L);
      if (count != 1 || address < cidr.firstUsable() || address > cidr.lastUsable()) {
        throw Refused.invalid(
            "PrivateIpAddress",
            "Address " + Fields.shown(wanted) + " does not fall within the subnet's address range");
      }
      if (!tables
          .interfaces
          .where(scope, "subnet_id = ? AND address = ?", subnet.id(), address)
          .isEmpty()) {
        throw Refused.conflict("ip_address_in_use", "Address " + wanted + " is in use.");
      }
      return List.of(address);
    }
    List<Long> free = free(subnet, cidr, count);
    if (free.size() < count) {
      releaseEnded(scope);
      free = free(subnet, cidr, count);
    }
    if (free.size() < count) {
      throw Refused.conflict(
          "insufficient_free_addresses_in_subnet",
          "The subnet '" + subnet.id() + "' has not enough free addresses: " + free.size());
    }
    return free;
  }

  /// The lowest addresses that are free.
  private List<Long> free(Subnet subnet, Cidr cidr, int count) {
    return database
        .sql(
            "SELECT a FROM generate_series(:first, :last) AS a WHERE NOT EXISTS (SELECT FROM"
                + " compute.network_interface n WHERE n.subnet_id = :subnet AND n.address = a)"
                + " ORDER BY a LIMIT :count")
        .param("first", cidr.firstUsable())
        .param("last", cidr.lastUsable())
        .param("subnet", subnet.id())
        .param("count", count)
        .query((row, number) -> row.getLong(1))
        .list();
  }

  private String mac() {
    StringBuilder mac = new StringBuilder("02"); // locally administered, one card (IEEE 802)
    for (int i = 0; i < 5; i++) {
      mac.append(':').append("%02x".formatted(random.nextInt(256)));
    }
    return mac.toString();
  }

  @Transactional
  public String attach(Scope scope, String id, String instanceId, int deviceIndex) {
    accounts.lock(scope.accountId());
    NetworkInterface card = tables.interfaces.require(scope, id);
    if (card.instanceId() != null) {
      throw Refused.conflict("interface_in_use", "Interface: [" + id + "] in use.");
    }
    if (!tables
        .interfaces
        .where(scope, "instance_id = ? AND device_index = ?", instanceId, deviceIndex)
        .isEmpty()) {
      throw Refused.invalid(
          "DeviceIndex",
          "Instance '"
              + instanceId
              + "' already has an interface attached at device index '"
              + deviceIndex
              + "'.");
    }
    String attachment = ids.next("eni-attach-");
    tables.interfaces.update(
        card.attached(
            new NetworkInterface.Attachment(attachment, instanceId, deviceIndex, clock.instant()),
            false));
    return attachment;
  }

  @Transactional
  public void detach(Scope scope, String attachmentId) {
    accounts.lock(scope.accountId());
    NetworkInterface card =
        tables.interfaces.where(scope, "attachment_id = ?", attachmentId).stream()
            .findFirst()
            .orElseThrow(() ->
                Refused.notFound(
                    "attachment_not_found",
                    "AttachmentId",
                    "The interface attachment '"
                        + Fields.shown(attachmentId)
                        + "' does not exist"));
    if (Integer.valueOf(0).equals(card.deviceIndex())) {
      throw Refused.conflict(
          "operation_not_permitted", "The network interface at device index 0 cannot be detached.");
    }
    tables.interfaces.update(card.attached(null, false));
  }

  @Transactional
  public void change(
      Scope scope,
      String id,
      @Nullable String description,
      List<String> groups,
      @Nullable Boolean sourceDestCheck) {
    accounts.lock(scope.accountId());
    NetworkInterface card = tables.interfaces.require(scope, id);
    tables.interfaces.update(
        card.with(
            description == null ? card.description() : description,
            groups.isEmpty() ? card.securityGroups() : groups(scope, card.vpcId(), groups),
            sourceDestCheck == null ? card.sourceDestCheck() : sourceDestCheck));
  }

  @Transactional
  public void delete(Scope scope, String id) {
    accounts.lock(scope.accountId());
    NetworkInterface card = tables.interfaces.require(scope, id);
    if (card.instanceId() != null) {
      throw Refused.conflict(
          "network_interface_in_use", "Network interface '" + id + "' is currently in use.");
    }
    free(scope, card);
    tables.interfaces.delete(card);
  }

  private void free(Scope scope, NetworkInterface card) {
    tables
        .addresses
        .where(scope, "network_interface_id = ?", card.id())
        .forEach(address -> tables.addresses.update(address.associated(null, null)));
  }

  /// Takes back what hangs on instances that have ended: with them, or from them.
  @Transactional
  public void releaseEnded(Scope scope) {
    List<NetworkInterface> held =
        tables.interfaces.where(
            scope, "EXISTS (SELECT FROM compute.ended_instance e WHERE e.id = instance_id)");
    for (NetworkInterface card : held) {
      free(scope, card);
      if (card.deleteOnTermination()) {
        tables.interfaces.delete(card);
      } else {
        tables.interfaces.update(card.attached(null, false));
      }
    }
  }
}
