package brume.compute.network;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// The private addresses of subnets: which are free, and which are so again as their instance has
/// ended. Who takes one holds the account's lock.
@Component
public class SubnetAddresses {
  /// How far behind what is needed it looks first, for those that interfaces have beside their
  /// first ones.
  private static final int SPARE = 64;

  private final NetworkTables tables;
  private final JdbcClient database;

  SubnetAddresses(NetworkTables tables, JdbcClient database) {
    this.tables = tables;
    this.database = database;
  }

  boolean isTaken(Scope scope, Subnet subnet, long address) {
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

  /// One that is asked for. Throws a refusal where it is another subnet's, or taken.
  long require(Scope scope, Subnet subnet, String wanted) {
    Cidr cidr = Cidr.parse(subnet.cidrBlock()).orElseThrow();
    long address = Cidr.address(wanted).orElse(-1L);
    if (address < cidr.firstUsable() || address > cidr.lastUsable()) {
      throw Refused.invalid(
          "PrivateIpAddress",
          "Address " + Fields.shown(wanted) + " does not fall within the subnet's address range");
    }
    if (isTaken(scope, subnet, address)) {
      throw inUse(wanted);
    }
    return address;
  }

  static Refused inUse(String address) {
    return Refused.conflict("ip_address_in_use", "Address " + address + " is in use.");
  }

  /// Some that are free. Throws a refusal where there are too few.
  ///
  /// @param except those that are about to be taken
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Long> free(Scope scope, Subnet subnet, int count, Set<Long> except) {
    List<Long> free = free(subnet, count, except);
    if (free.size() < count) {
      releaseEnded(scope);
      free = free(subnet, count, except);
    }
    if (free.size() < count) {
      throw Refused.conflict(
          "insufficient_free_addresses_in_subnet",
          "The subnet '" + subnet.id() + "' has not enough free addresses: " + free.size());
    }
    return free;
  }

  /// Those behind the highest that is taken, which need no look at the others; where there are not
  /// enough, the lowest.
  private List<Long> free(Subnet subnet, int count, Set<Long> except) {
    Cidr cidr = Cidr.parse(subnet.cidrBlock()).orElseThrow();
    int wanted = count + except.size();
    long behind =
        Math.max(
            cidr.firstUsable(),
            highest(subnet).map(address -> address + 1).orElse(cidr.firstUsable()));
    long end = Math.min(cidr.lastUsable(), behind + wanted + SPARE);
    List<Long> free = without(except, free(subnet, behind, end, wanted), count);
    return free.size() < count
        ? without(except, free(subnet, cidr.firstUsable(), cidr.lastUsable(), wanted), count)
        : free;
  }

  private static List<Long> without(Set<Long> except, List<Long> addresses, int count) {
    return addresses.stream().filter(address -> !except.contains(address)).limit(count).toList();
  }

  private Optional<Long> highest(Subnet subnet) {
    return database
        .sql(
            "SELECT address FROM compute.network_interface WHERE subnet_id = ?"
                + " ORDER BY address DESC LIMIT 1")
        .param(subnet.id())
        .query(Long.class)
        .optional();
  }

  /// The bounds are said twice, as the database would else read all that the subnet has given.
  private List<Long> free(Subnet subnet, long first, long last, int count) {
    return database
        .sql(
            "SELECT a FROM generate_series(:first, :last) AS a WHERE NOT EXISTS (SELECT FROM"
                + " compute.network_interface n WHERE n.subnet_id = :subnet AND n.address = a"
                + " AND n.address BETWEEN :first AND :last)"
                + " AND a NOT IN (SELECT more::bigint FROM compute.network_interface n,"
                + " jsonb_array_elements_text(n.secondary_addresses) AS more"
                + " WHERE n.subnet_id = :subnet AND n.secondary_addresses <> '[]')"
                + " ORDER BY a LIMIT :count")
        .param("first", first)
        .param("last", last)
        .param("subnet", subnet.id())
        .param("count", count)
        .query((row, number) -> row.getLong(1))
        .list();
  }

  /// How many are taken, by the subnet.
  public Map<String, Long> used(Scope scope) {
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

  /// Takes back what hangs on instances that have ended: with them, or from them.
  @Transactional
  public void releaseEnded(Scope scope) {
    List<NetworkInterface> held =
        tables.interfaces.where(
            scope, "EXISTS (SELECT FROM compute.ended_instance e WHERE e.id = instance_id)");
    for (NetworkInterface card : held) {
      releasePublic(scope, card);
      if (card.deleteOnTermination()) {
        tables.interfaces.delete(card);
      } else {
        tables.interfaces.update(card.attached(null, false));
      }
    }
  }

  /// Takes its public address from an interface; one that came with a launch ends.
  void releasePublic(Scope scope, NetworkInterface card) {
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
}
