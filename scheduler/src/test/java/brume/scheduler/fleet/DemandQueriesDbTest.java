package brume.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import brume.scheduler.TestFleet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemandQueriesDbTest {
  private final TestFleet fleet = new TestFleet(1);

  /// Tables that filled up since anybody counted them: the planner of PostgreSQL takes what is
  /// allocated for a single row. A join by that guess was measured to take 40 s.
  @Test
  void findsWhatWaitsQuicklyInADatabaseThatWasNeverAnalyzed() {
    for (String table : List.of("compute.instance", "scheduling.allocation", "scheduling.vm")) {
      fleet.owner.sql("ALTER TABLE " + table + " SET (autovacuum_enabled = false)").update();
      fleet.owner.sql("ANALYZE " + table).update();
    }
    String node = fleet.join("n1", "a", 16, 16384).nodeId();
    fleet
        .owner
        .sql(
            """
            INSERT INTO compute.instance
              (id, account_id, reservation_id, launch_index, image_id, instance_type, vcpu,
               memory_mib, baseline_percent, intent, created_at, intent_at)
            SELECT 'i-' || lpad(to_hex(n), 17, '0'), '000000000001',
                   'r-' || lpad(to_hex(n), 17, '0'), 0, 'ami-00000000000000001', 'e1.nano', 1, 128,
                   10, 'RUN', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00Z'
            FROM generate_series(1, 20000) n
            """)
        .update();
    fleet
        .owner
        .sql(
            """
            INSERT INTO scheduling.allocation
              (instance_id, epoch, node_id, account_id, instance_type, generation, vcpu, memory_mib,
               allocated_at)
            SELECT i.id, nextval('scheduling.epoch'), ?, i.account_id, i.instance_type, 1, 1, 128,
                   i.created_at
            FROM compute.instance i WHERE i.id <> 'i-00000000000000abc'
            """)
        .param(node)
        .update();
    fleet
        .owner
        .sql(
            """
            INSERT INTO scheduling.vm (instance_id, epoch, node_id, state, generation, observed_at)
            SELECT instance_id, epoch, node_id, 'RUNNING', 1, now() FROM scheduling.allocation
            """)
        .update();
    List<DemandQueries.Waiting> waiting =
        fleet.demands.waiting(DemandQueries.Position.START, 1_000, fleet.clock.instant());
    assertThat(waiting)
        .extracting(found -> found.demand().instanceId())
        .containsExactly("i-00000000000000abc");
  }
}
