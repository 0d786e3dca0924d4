package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.account.Quotas;
import brume.compute.refusal.Refused;
import brume.compute.region.RegionSettings;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Takes public addresses from the cloud's block, and says which interface has which.
@Component
public class AddressCommands {
  private static final int TRIES_MAX = 200;

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
            .sql("SELECT count(*) FROM compute.address WHERE account_id = ?")
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
    return tables.addresses.insert(
        new Address(
            ids.next("eipalloc-"),
            scope.accountId(),
            scope.region(),
            free(),
            null,
            null,
            clock.instant()),
        tags);
  }

  private String free() {
    for (int i = 0; i < TRIES_MAX; i++) {
      String candidate = Cidr.text(block.first() + 1 + random.nextLong(block.size() - 2));
      boolean taken =
          database
              .sql("SELECT EXISTS (SELECT FROM compute.address WHERE public_ip = ?)")
              .param(candidate)
              .query(Boolean.class)
              .single();
      if (!taken) {
        return candidate;
      }
    }
    throw Refused.conflict(
        "insufficient_address_capacity", "The cloud has no public address left: try again later");
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
    if (tables.gateways.where(scope, "vpc_id = ?", card.vpcId()).isEmpty()) {
      throw Refused.conflict(
          "not_attached", "Network " + card.vpcId() + " is not attached to any internet gateway");
    }
    for (Address other : tables.addresses.where(scope, "network_interface_id = ?", card.id())) {
      tables.addresses.update(other.associated(null, null));
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
    if (address.associationId() != null) {
      throw Refused.conflict(
          "ip_address_in_use",
          "Address " + address.publicIp() + " is in use: disassociate it first.");
    }
    tables.addresses.delete(address);
  }
}
