package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.account.Quotas;
import brume.compute.refusal.Refused;
import brume.compute.region.RegionSettings;
import brume.compute.resource.EndedInstances;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Takes public addresses from the cloud's block, and says which interface has which.
@Component
public class AddressCommands {
  private static final int ROUNDS_MAX = 20;

  private final NetworkTables tables;
  private final AccountStore accounts;
  private final JdbcClient database;
  private final IdGenerator ids;
  private final RandomGenerator random;
  private final Clock clock;
  private final Cidr block;

  AddressCommands(
      NetworkTables tables,
      AccountStore accounts,
      JdbcClient database,
      IdGenerator ids,
      RandomGenerator random,
      Clock clock,
      RegionSettings settings) {
    this.tables = tables;
    this.accounts = accounts;
    this.database = database;
    this.ids = ids;
    this.random = random;
    this.clock = clock;
    this.block =
        Cidr.parse(settings.publicAddresses())
            .orElseThrow(
                () -> new IllegalArgumentException("brume.region.public-addresses is no block"));
  }

  @Transactional
  public Tagged<Address> allocate(Scope scope, Map<String, String> tags) {
    Quotas quotas = accounts.lock(scope.accountId());
    int held =
        database
            .sql("SELECT count(*) FROM compute.address WHERE account_id = ? AND NOT automatic")
            .param(scope.accountId())
            .query(Integer.class)
            .single();
    if (held >= quotas.addressesMax()) {
      throw Refused.conflict(
          "address_limit_exceeded",
          "The maximum number of addresses has been reached: "
              + quotas.addressesMax()
              + " in an account");
    }
    Address address =
        take(scope, Collections.singletonList(null), false).stream()
            .findFirst()
            .orElseThrow(AddressCommands::none);
    tables.addresses.tag(address, tags);
    return new Tagged<>(address, tags);
  }

  /// An address for each of several interfaces, for as long as they last.
  ///
  /// @param must refused where the cloud has too few left for these
  /// @param may some of these get none then
  @Transactional
  public void give(Scope scope, List<String> must, List<String> may) {
    List<@Nullable String> all = new ArrayList<>(must);
    all.addAll(may);
    Set<@Nullable String> given = new HashSet<>();
    take(scope, all, true).forEach(address -> given.add(address.networkInterfaceId()));
    if (!given.containsAll(must)) {
      throw none();
    }
  }

  private static Refused none() {
    return Refused.conflict(
        "insufficient_address_capacity", "The cloud has no public address left: try again later");
  }

  /// Addresses by chance, until there are enough or the rounds are used up: who takes one that
  /// another is about to take waits for the other, and takes another one. All take theirs in one
  /// order, so that none waits for one that waits for it.
  ///
  /// @param interfaces one for each address; null for none
  private List<Address> take(Scope scope, List<@Nullable String> interfaces, boolean automatic) {
    List<Address> taken = new ArrayList<>();
    List<@Nullable String> left = new ArrayList<>(interfaces);
    for (int round = 0; round < ROUNDS_MAX && !left.isEmpty(); round++) {
      TreeSet<Long> chosen = new TreeSet<>();
      for (int i = 0; i < left.size(); i++) {
        chosen.add(block.first() + 1 + random.nextLong(block.size() - 2));
      }
      List<Address> wanted = new ArrayList<>();
      for (long ip : chosen) {
        String card = left.get(wanted.size());
        wanted.add(
            new Address(
                ids.next("eipalloc-"),
                scope.accountId(),
                scope.region(),
                Cidr.text(ip),
                card == null ? null : ids.next("eipassoc-"),
                card,
                clock.instant(),
                automatic));
      }
      List<Address> got = tables.addresses.insertAllUnlessTaken(wanted, "public_ip");
      taken.addAll(got);
      List<@Nullable String> missed = new ArrayList<>(left.subList(wanted.size(), left.size()));
      for (Address one : wanted) {
        if (!got.contains(one)) {
          missed.add(one.networkInterfaceId());
        }
      }
      left = missed;
    }
    return taken;
  }

  /// @param again whether one that is associated may be taken from where it is
  @Transactional
  public Address associate(Scope scope, Address address, NetworkInterface card, boolean again) {
    accounts.lock(scope.accountId());
    if (address.associationId() != null
        && !again
        && !card.id().equals(address.networkInterfaceId())) {
      throw Refused.conflict(
          "already_associated",
          "resource " + address.id() + " is already associated with " + address.associationId());
    }
    if (card.id().equals(address.networkInterfaceId())) {
      return address;
    }
    if (tables.gateways.where(scope, "vpc_id = ?", card.vpcId()).isEmpty()) {
      throw Refused.conflict(
          "not_attached", "Network " + card.vpcId() + " is not attached to any internet gateway");
    }
    for (Address other : tables.addresses.where(scope, "network_interface_id = ?", card.id())) {
      if (other.automatic()) {
        tables.addresses.delete(other);
      } else {
        tables.addresses.update(other.associated(null, null));
      }
    }
    Address associated = address.associated(ids.next("eipassoc-"), card.id());
    tables.addresses.update(associated);
    return associated;
  }

  @Transactional
  public void disassociate(Scope scope, Address address) {
    accounts.lock(scope.accountId());
    tables.addresses.update(address.associated(null, null));
  }

  @Transactional
  public void release(Scope scope, Address address) {
    accounts.lock(scope.accountId());
    if (address.associationId() != null && !endedSince(scope, address)) {
      throw Refused.conflict(
          "ip_address_in_use",
          "Address " + address.publicIp() + " is in use: disassociate it first.");
    }
    tables.addresses.delete(address);
  }

  /// Whether the instance that it went to has ended a moment ago.
  private boolean endedSince(Scope scope, Address address) {
    String card = address.networkInterfaceId();
    return card != null
        && !EndedInstances.among(
                database,
                tables.interfaces.where(scope, "id = ?", card).stream()
                    .map(NetworkInterface::instanceId))
            .isEmpty();
  }
}
