package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.EndedInstances;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  public static final int ADDRESSES_MAX = 16;
  public static final int PER_INSTANCE_MAX = 4;

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
  /// @param more what it shall have beside that one
  public record Wanted(
      String subnetId,
      String description,
      List<String> groups,
      @Nullable String privateIp,
      More more) {}

  /// Addresses beside the first one: these, and some that are free.
  public record More(List<String> addresses, int count) {
    public static final More NONE = new More(List.of(), 0);
  }

  @Transactional
  public Tagged<NetworkInterface> create(Scope scope, Wanted wanted, Map<String, String> tags) {
    accounts.lock(scope.accountId());
    Subnet subnet = tables.subnets.require(scope, wanted.subnetId());
    if (tables.interfaces.count(scope) >= INTERFACES_MAX) {
      throw Refused.conflict(
          "network_interface_limit_exceeded",
          "The maximum number of network interfaces has been reached: " + INTERFACES_MAX);
    }
    Tagged<NetworkInterface> made =
        tables.interfaces.insert(make(scope, subnet, wanted, 1).getFirst(), tags);
    assign(scope, made.row().id(), wanted.more());
    return new Tagged<>(tables.interfaces.require(scope, made.row().id()), tags);
  }

  /// @return the addresses that were added
  @Transactional
  public List<String> assign(Scope scope, String id, More more) {
    accounts.lock(scope.accountId());
    NetworkInterface card = tables.interfaces.require(scope, id);
    Subnet subnet = tables.subnets.require(scope, card.subnetId());
    if (card.privateIps().size() + (long) more.addresses().size() + more.count() > ADDRESSES_MAX) {
      throw Refused.conflict(
          "private_ip_address_limit_exceeded",
          "Number of private addresses will exceed limit: an interface has at most "
              + ADDRESSES_MAX);
    }
    List<Long> all = new ArrayList<>(card.secondaryAddresses());
    List<Long> added = new ArrayList<>();
    for (String wanted : more.addresses().stream().distinct().toList()) {
      if (!card.privateIps().contains(wanted)) {
        added.addAll(assignable(scope, subnet, wanted));
      }
    }
    all.addAll(added);
    tables.interfaces.update(card.withSecondary(all));
    if (more.count() > 0) {
      List<Long> free = addresses(scope, subnet, null, more.count());
      added.addAll(free);
      all.addAll(free);
      tables.interfaces.update(card.withSecondary(all));
    }
    return added.stream().map(Cidr::text).toList();
  }

  /// Takes addresses from the subnet's other interfaces that have them beside their first ones.
  @Transactional
  public void vacate(Scope scope, String id, List<String> addresses) {
    accounts.lock(scope.accountId());
    String subnet = tables.interfaces.require(scope, id).subnetId();
    for (NetworkInterface other :
        tables.interfaces.where(scope, "subnet_id = ? AND id <> ?", subnet, id)) {
      List<Long> kept =
          other.secondaryAddresses().stream()
              .filter(address -> !addresses.contains(Cidr.text(address)))
              .toList();
      if (kept.size() < other.secondaryAddresses().size()) {
        tables.interfaces.update(other.withSecondary(kept));
      }
    }
  }

  /// EC2 says so of an address that another interface has, since it could be moved there.
  private List<Long> assignable(Scope scope, Subnet subnet, String wanted) {
    if (isTaken(scope, subnet, Cidr.address(wanted).orElse(-1L))) {
      throw Refused.invalid(
          "PrivateIpAddress",
          "Some of [" + Fields.shown(wanted) + "] are assigned, but move is not allowed.");
    }
    return addresses(scope, subnet, wanted, 1);
  }

  private boolean isTaken(Scope scope, Subnet subnet, long address) {
    return !tables
        .interfaces
        .where(
            scope,
            "subnet_id = ? AND (address = ? OR secondary_addresses @> to_jsonb(?::bigint))",
            subnet.id(),
            address,
            address)
        .isEmpty();
  }

  /// The first address stays as long as the interface.
  @Transactional
  public void unassign(Scope scope, String id, List<String> addresses) {
    accounts.lock(scope.accountId());
    NetworkInterface card = tables.interfaces.require(scope, id);
    List<String> present = card.secondaryAddresses().stream().map(Cidr::text).toList();
    if (!present.containsAll(addresses)) {
      throw Refused.invalid(
          "PrivateIpAddress",
          "Some of "
              + Fields.shown(addresses.toString())
              + " are not assigned to interface "
              + id
              + " as secondary addresses");
    }
    tables.interfaces.update(
        card.withSecondary(
            card.secondaryAddresses().stream()
                .filter(address -> !addresses.contains(Cidr.text(address)))
                .toList()));
  }

  /// Where on an instance an interface hangs.
  public record Slot(int deviceIndex, boolean deleteOnTermination, Instant at) {}

  /// One for each of several instances, in the same place of each.
  @Transactional
  public List<NetworkInterface> createFor(
      Scope scope, Wanted wanted, Slot slot, List<String> instances) {
    Subnet subnet = tables.subnets.require(scope, wanted.subnetId());
    List<NetworkInterface> made = make(scope, subnet, wanted, instances.size());
    List<NetworkInterface> attached = new ArrayList<>();
    for (int i = 0; i < instances.size(); i++) {
      NetworkInterface one =
          made.get(i)
              .attached(
                  new NetworkInterface.Attachment(
                      ids.next("eni-attach-"), instances.get(i), slot.deviceIndex(), slot.at()),
                  slot.deleteOnTermination());
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
              clock.instant(),
              List.of()));
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
            "invalid_parameter",
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
      if (isTaken(scope, subnet, address)) {
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

  /// All but those that went with an instance that ended a moment ago; others are free since.
  public List<NetworkInterface> present(
      Scope scope, List<String> ids, @Nullable String after, int most) {
    List<NetworkInterface> some =
        tables.interfaces.some(
            scope,
            ids,
            after,
            most,
            "NOT (delete_on_termination"
                + " AND EXISTS (SELECT FROM compute.ended_instance e WHERE e.id = instance_id))");
    Set<String> ended =
        EndedInstances.among(
            database,
            some.stream()
                .filter(card -> !card.deleteOnTermination())
                .map(NetworkInterface::instanceId));
    return some.stream()
        .map(card -> ended.contains(card.instanceId()) ? card.attached(null, false) : card)
        .toList();
  }

  /// How many addresses are taken, by the subnet.
  public Map<String, Long> addressesUsed(Scope scope) {
    Map<String, Long> used = new HashMap<>();
    database
        .sql(
            "SELECT subnet_id, sum(1 + jsonb_array_length(secondary_addresses))"
                + " FROM compute.network_interface WHERE account_id = ? AND region = ?"
                + " GROUP BY subnet_id")
        .params(scope.accountId(), scope.region())
        .query(row -> {
          used.put(row.getString(1), row.getLong(2));
        });
    return used;
  }

  /// The lowest addresses that are free.
  private List<Long> free(Subnet subnet, Cidr cidr, int count) {
    return database
        .sql(
            "SELECT a FROM generate_series(:first, :last) AS a WHERE NOT EXISTS (SELECT FROM"
                + " compute.network_interface n WHERE n.subnet_id = :subnet AND n.address = a)"
                + " AND a NOT IN (SELECT more::bigint FROM compute.network_interface n,"
                + " jsonb_array_elements_text(n.secondary_addresses) AS more"
                + " WHERE n.subnet_id = :subnet AND n.secondary_addresses <> '[]')"
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
    NetworkInterface card = requireFree(scope, id);
    if (card.instanceId() != null) {
      throw Refused.conflict("interface_in_use", "Interface: [" + id + "] in use.");
    }
    List<NetworkInterface> present = tables.interfaces.where(scope, "instance_id = ?", instanceId);
    if (present.stream().anyMatch(other -> !other.zone().equals(card.zone()))) {
      throw Refused.invalid(
          "invalid_parameter_combination",
          "NetworkInterfaceId",
          "You may not attach a network interface to an instance if they are not in the same"
              + " availability zone");
    }
    if (deviceIndex < 0 || present.size() >= PER_INSTANCE_MAX) {
      throw deviceIndex < 0
          ? Refused.invalid("DeviceIndex", "DeviceIndex must be 0 or more, not " + deviceIndex)
          : Refused.conflict(
              "attachment_limit_exceeded",
              "Interface count "
                  + (present.size() + 1)
                  + " exceeds the limit of an instance, "
                  + PER_INSTANCE_MAX);
    }
    if (present.stream()
        .anyMatch(other -> Integer.valueOf(deviceIndex).equals(other.deviceIndex()))) {
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
            .orElseThrow(() -> unknownAttachment(attachmentId));
    if (Integer.valueOf(0).equals(card.deviceIndex())) {
      throw Refused.conflict(
          "operation_not_permitted", "The network interface at device index 0 cannot be detached.");
    }
    tables.interfaces.update(card.attached(null, false));
  }

  /// @param attachmentId which must be the interface's
  @Transactional
  public void keep(Scope scope, String id, String attachmentId, boolean deleteWithInstance) {
    accounts.lock(scope.accountId());
    NetworkInterface card = tables.interfaces.require(scope, id);
    String instance = card.instanceId();
    Integer index = card.deviceIndex();
    Instant at = card.attachedAt();
    if (instance == null
        || index == null
        || at == null
        || !attachmentId.equals(card.attachmentId())) {
      throw unknownAttachment(attachmentId);
    }
    tables.interfaces.update(
        card.attached(
            new NetworkInterface.Attachment(attachmentId, instance, index, at),
            deleteWithInstance));
  }

  private static Refused unknownAttachment(String attachmentId) {
    return Refused.notFound(
        "attachment_not_found",
        "AttachmentId",
        "The interface attachment '" + Fields.shown(attachmentId) + "' does not exist");
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
    if (description != null) {
      Fields.text("description", description, 0, 255);
    }
    tables.interfaces.update(
        card.with(
            description == null ? card.description() : description,
            groups.isEmpty() ? card.securityGroups() : groups(scope, card.vpcId(), groups),
            sourceDestCheck == null ? card.sourceDestCheck() : sourceDestCheck));
  }

  @Transactional
  public void delete(Scope scope, String id) {
    accounts.lock(scope.accountId());
    NetworkInterface card = requireFree(scope, id);
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
        .forEach(address -> {
          if (address.automatic()) {
            tables.addresses.delete(address);
          } else {
            tables.addresses.update(address.associated(null, null));
          }
        });
  }

  /// An interface from which what ended with its instance a moment ago is taken away.
  @Transactional
  public NetworkInterface requireFree(Scope scope, String id) {
    NetworkInterface card = tables.interfaces.require(scope, id);
    if (card.instanceId() != null) {
      releaseEnded(scope);
      return tables.interfaces.require(scope, id);
    }
    return card;
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
