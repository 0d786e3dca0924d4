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
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final NewInterfaces making;
  private final SubnetAddresses addresses;
  private final AccountStore accounts;
  private final JdbcClient database;
  private final EndedInstances.Hanging<NetworkInterface> hanging;
  private final IdGenerator ids;
  private final Clock clock;

  InterfaceCommands(
      NetworkTables tables,
      NewInterfaces making,
      SubnetAddresses addresses,
      AccountStore accounts,
      JdbcClient database,
      IdGenerator ids,
      Clock clock) {
    this.tables = tables;
    this.making = making;
    this.addresses = addresses;
    this.accounts = accounts;
    this.database = database;
    this.hanging =
        new EndedInstances.Hanging<>(
            tables.interfaces,
            NetworkInterface::instanceId,
            NetworkInterface::deleteOnTermination,
            card -> card.attached(null, false));
    this.ids = ids;
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
    List<String> groups = making.groups(scope, subnet.vpcId(), wanted.groups());
    String description = Fields.text("description", wanted.description(), 0, 255);
    long address =
        wanted.privateIp() == null
            ? addresses.free(scope, subnet, 1, Set.of()).getFirst()
            : addresses.require(scope, subnet, wanted.privateIp());
    Tagged<NetworkInterface> made =
        tables.interfaces.insert(making.card(scope, subnet, description, groups, address), tags);
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
        added.add(assignable(scope, subnet, wanted));
      }
    }
    all.addAll(added);
    tables.interfaces.update(card.withSecondary(all));
    if (more.count() > 0) {
      List<Long> free = addresses.free(scope, subnet, more.count(), Set.of());
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
  private long assignable(Scope scope, Subnet subnet, String wanted) {
    if (addresses.isTaken(scope, subnet, Cidr.address(wanted).orElse(-1L))) {
      throw Refused.invalid(
          "PrivateIpAddress",
          "Some of [" + Fields.shown(wanted) + "] are assigned, but move is not allowed.");
    }
    return addresses.require(scope, subnet, wanted);
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

  /// All but those that went with an instance that ended a moment ago; others are free since.
  public List<NetworkInterface> present(
      Scope scope, List<String> ids, @Nullable String after, int most) {
    return hanging.present(database, scope, ids, after, most);
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
            groups.isEmpty() ? card.securityGroups() : making.groups(scope, card.vpcId(), groups),
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
    addresses.releasePublic(scope, card);
    tables.interfaces.delete(card);
  }

  /// An interface from which what ended with its instance a moment ago is taken away.
  @Transactional
  public NetworkInterface requireFree(Scope scope, String id) {
    NetworkInterface card = tables.interfaces.require(scope, id);
    if (card.instanceId() != null) {
      addresses.releaseEnded(scope);
      return tables.interfaces.require(scope, id);
    }
    return card;
  }
}
