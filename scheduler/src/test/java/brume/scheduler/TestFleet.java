package brume.scheduler;

import brume.contract.IdGenerator;
import brume.contract.Resources;
import brume.contract.sync.NodeCredential;
import brume.contract.sync.NodeRegistration;
import brume.db.ServiceRole;
import brume.db.TestDatabase;
import brume.scheduler.fleet.DemandQueries;
import brume.scheduler.fleet.DrainRound;
import brume.scheduler.fleet.DrainStore;
import brume.scheduler.fleet.FactStore;
import brume.scheduler.fleet.JoinTokens;
import brume.scheduler.fleet.LeaseRound;
import brume.scheduler.fleet.LeaseStore;
import brume.scheduler.fleet.NodeStore;
import brume.scheduler.fleet.PlacementRound;
import brume.scheduler.fleet.PlanStore;
import brume.scheduler.sync.DesiredQueries;
import brume.scheduler.sync.DesiredWatch;
import brume.scheduler.sync.NodeSync;
import brume.scheduler.sync.ReportStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// The scheduler's stores and rounds on a fresh database, with the scheduler's own role, a clock
/// that is moved by hand, and compute-api played by the owner of the database.
public final class TestFleet {
  public static final Duration LEASE = Duration.ofSeconds(15);
  public static final Duration MARGIN = Duration.ofSeconds(5);
  public static final String ACCOUNT = "000000000001";

  public final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T12:00:00Z"));
  public final TestDatabase database = TestDatabase.fresh();
  public final JdbcClient owner;
  public final JdbcClient jdbc;
  public final JoinTokens tokens;
  public final NodeStore nodes;
  public final PlanStore plans;
  public final DemandQueries demands;
  public final DesiredQueries desired;
  public final DesiredWatch watch;
  public final NodeSync sync;
  public final LeaseStore leaseStore;
  public final LeaseRound leases;
  public final DrainRound drains;
  private final Random random;
  private int instances;
  private int joined;

  public TestFleet(long seed) {
    random = new Random(seed);
    IdGenerator ids = new IdGenerator(clock, random);
    DataSource source = pool(database.dataSource(ServiceRole.SCHEDULING));
    JdbcTemplate template = new JdbcTemplate(source);
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(source));
    owner = JdbcClient.create(pool(database.ownerDataSource()));
    jdbc = JdbcClient.create(template);
    tokens = new JoinTokens(jdbc, clock);
    nodes = new NodeStore(jdbc, transaction, ids, random);
    FactStore facts = new FactStore(template);
    plans = new PlanStore(jdbc, transaction);
    demands = new DemandQueries(jdbc);
    desired = new DesiredQueries(jdbc);
    watch = new DesiredWatch(desired, 100);
    ReportStore reports =
        new ReportStore(jdbc, transaction, nodes, facts, LEASE, Duration.ofSeconds(5));
    sync = new NodeSync(reports, desired, watch, clock, LEASE);
    leaseStore = new LeaseStore(jdbc, transaction, nodes, facts);
    leases = new LeaseRound(leaseStore, clock, MARGIN);
    drains =
        new DrainRound(new DrainStore(jdbc, transaction), demands, clock, new Random(seed), 1_000);
    owner
        .sql(
            """
            INSERT INTO compute.account VALUES (?, 'test', 100000, 100000, 100000000, now())
            """)
        .param(ACCOUNT)
        .update();
  }

  /// One connection for each thread would do, but a new one for each statement would not.
  public static DataSource pool(DataSource source) {
    com.zaxxer.hikari.HikariConfig config = new com.zaxxer.hikari.HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(8);
    config.setConnectionInitSql( // as scheduler.yaml has
        "SET plan_cache_mode = force_custom_plan; SET work_mem = '32MB'");
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    return new com.zaxxer.hikari.HikariDataSource(config);
  }

  /// A scheduler of its own, such as one of several that race.
  public PlacementRound placement(long seed) {
    return new PlacementRound(demands, plans, clock, new Random(seed), 1_000);
  }

  public NodeCredential join(String name, String zone, int vcpu, int memoryMib) {
    String token = "join-token-" + ++joined;
    tokens.add(token);
    return nodes.register(
        new NodeRegistration(
            token, name, zone, "http://127.0.0.1:9100", new Resources(vcpu, memoryMib)),
        clock.instant());
  }

  public String launch(int vcpu, int memoryMib) {
    return launch(vcpu, memoryMib, null, null);
  }

  /// As T1 of compute-api does.
  public String launch(int vcpu, int memoryMib, String zone, String reservationId) {
    int index = instances++;
    String id = "i-%017x".formatted(index + 1);
    owner
        .sql(
            """
            INSERT INTO compute.instance
              (id, account_id, reservation_id, launch_index, image_id, instance_type, vcpu,
               memory_mib, baseline_percent, zone, user_data, intent, created_at, intent_at)
            VALUES (?, ?, ?, ?, 'ami-00000000000000001', 'e1.nano', ?, ?, 10, ?, ?, 'RUN', ?, ?)
            """)
        .param(id)
        .param(ACCOUNT)
        .param(reservationId == null ? "r-%017x".formatted(index + 1) : reservationId)
        .param(index)
        .param(vcpu)
        .param(memoryMib)
        .param(zone)
        .param("#!/bin/sh\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .param(clock.instant().atOffset(java.time.ZoneOffset.UTC))
        .param(clock.instant().atOffset(java.time.ZoneOffset.UTC))
        .update();
    return id;
  }

  /// The user (or compute-api for the guest) wants something else: a new generation.
  public void intend(String instanceId, String intent) {
    owner
        .sql("UPDATE compute.instance SET intent = ?, generation = generation + 1 WHERE id = ?")
        .param(intent)
        .param(instanceId)
        .update();
  }

  /// As an operator of the cloud wants it.
  public void want(String nodeId, String availability) {
    owner
        .sql(
            """
            INSERT INTO compute.node_intent VALUES (?, ?, now())
            ON CONFLICT (node_id) DO UPDATE SET availability = excluded.availability
            """)
        .params(nodeId, availability)
        .update();
  }

  public Map<String, Object> node(String nodeId) {
    return row("SELECT * FROM scheduling.node WHERE id = ?", nodeId);
  }

  public Map<String, Object> fact(String instanceId) {
    return row("SELECT * FROM scheduling.instance_fact WHERE instance_id = ?", instanceId);
  }

  public String reason(String instanceId) {
    return owner
        .sql("SELECT reason FROM scheduling.instance_refusal WHERE instance_id = ?")
        .param(instanceId)
        .query(String.class)
        .optional()
        .orElse(null);
  }

  /// `STATE cause seconds-since-the-test-began`, oldest first.
  public List<String> transitions(String instanceId) {
    return owner
        .sql(
            """
            SELECT state || coalesce(' ' || cause, '') || ' '
                   || extract(epoch FROM at - '2026-03-01T12:00:00Z')::numeric(10, 1)
            FROM scheduling.instance_transition WHERE instance_id = ? ORDER BY seq
            """)
        .param(instanceId)
        .query(String.class)
        .list();
  }

  private Map<String, Object> row(String sql, String id) {
    List<Map<String, Object>> rows = owner.sql(sql).param(id).query().listOfRows();
    return rows.isEmpty() ? Map.of() : rows.getFirst();
  }
}
