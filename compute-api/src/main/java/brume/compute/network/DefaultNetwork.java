package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Refused;
import brume.compute.resource.Scope;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The network that every account has in every region: made when it is first looked for, as EC2's
/// are: 172.31.0.0/16, a /20 for each zone, a gateway and a route to it.
@Component
public class DefaultNetwork {
  private static final long FIRST = Cidr.address("172.31.0.0").orElseThrow();
  private static final int SUBNET_BITS = 20;
  private static final int KNOWN_MAX = 100_000;

  private final Set<Scope> known = ConcurrentHashMap.newKeySet();
  private final NetworkTables tables;
  private final VpcCommands vpcs;
  private final AccountStore accounts;
  private final JdbcClient database;
  private final IdGenerator ids;
  private final Clock clock;

  DefaultNetwork(
      NetworkTables tables,
      VpcCommands vpcs,
      AccountStore accounts,
      JdbcClient database,
      IdGenerator ids,
      Clock clock) {
    this.tables = tables;
    this.vpcs = vpcs;
    this.accounts = accounts;
    this.database = database;
    this.ids = ids;
    this.clock = clock;
  }

  /// Once it was made it is never made again by itself, so that is asked of the database once.
  public boolean isMade(Scope scope) {
    return known.contains(scope) || isMadeSince(scope);
  }

  private boolean isMadeSince(Scope scope) {
    boolean made = isWritten(scope);
    if (made && !TransactionSynchronizationManager.isActualTransactionActive()) {
      remember(scope);
    } else if (made) {
      // Which may have been made in this transaction, and be taken back with it.
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              remember(scope);
            }
          });
    }
    return made;
  }

  private void remember(Scope scope) {
    if (known.size() >= KNOWN_MAX) {
      known.clear();
    }
    known.add(scope);
  }

  private boolean isWritten(Scope scope) {
    return database
        .sql(
            "SELECT EXISTS (SELECT FROM compute.default_network WHERE account_id = ? AND region = ?)")
        .params(scope.accountId(), scope.region())
        .query(Boolean.class)
        .single();
  }

  /// @param zones by their full names, in order
  @Transactional
  public void ensure(Scope scope, List<String> zones) {
    if (isMade(scope)) {
      return;
    }
    accounts.lock(scope.accountId());
    int made =
        database
            .sql(
                "INSERT INTO compute.default_network (account_id, region) VALUES (?, ?)"
                    + " ON CONFLICT DO NOTHING")
            .params(scope.accountId(), scope.region())
            .update();
    if (made == 1) {
      make(scope, zones);
    }
  }

  /// Makes another one in the place of one that was deleted.
  @Transactional
  public Vpc again(Scope scope, List<String> zones) {
    accounts.lock(scope.accountId());
    if (!tables.vpcs.where(scope, "is_default").isEmpty()) {
      throw Refused.conflict(
          "default_vpc_already_exists",
          "A default VPC already exists for this account in this region.");
    }
    return make(scope, zones);
  }

  private Vpc make(Scope scope, List<String> zones) {
    Vpc vpc = vpcs.create(scope, new Cidr(FIRST, 16).toString(), "default", true, Map.of()).row();
    for (int i = 0; i < zones.size(); i++) {
      Cidr block = new Cidr(FIRST + ((long) i << (32 - SUBNET_BITS)), SUBNET_BITS);
      vpcs.createSubnet(scope, vpc.id(), block.toString(), zones.get(i), true, Map.of());
    }
    InternetGateway gateway =
        new InternetGateway(
            ids.next("igw-"), scope.accountId(), scope.region(), vpc.id(), clock.instant());
    tables.gateways.insert(gateway, Map.of());
    RouteTable table = tables.routeTables.where(scope, "vpc_id = ?", vpc.id()).getFirst();
    tables.routeTables.update(
        table.with(List.of(new RouteTable.Route("0.0.0.0/0", gateway.id(), null, null))));
    return vpc;
  }
}
