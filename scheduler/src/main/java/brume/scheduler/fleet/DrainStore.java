package brume.scheduler.fleet;

import brume.contract.Resources;
import brume.scheduler.placement.Demand;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// What operators want of nodes, taken over from compute-api's view, and which VMs leave a node
/// that is emptied.
public final class DrainStore {
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  public DrainStore(JdbcClient jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  // One that is active again keeps what has not been asked to end yet; what was asked is on its way
  // down and starts again, perhaps here.
  private static final String STAY =
      """
      UPDATE scheduling.allocation a SET leaving_since = NULL
      FROM compute.node_availability w
      WHERE w.node_id = a.node_id AND w.availability <> 'draining'
        AND a.released_at IS NULL AND a.leaving_since IS NOT NULL
      """;

  private static final String TAKE_OVER =
      """
      WITH changed AS (
        SELECT n.id, w.availability <> 'active' AS closed, w.availability = 'draining' AS emptied
        FROM scheduling.node n JOIN compute.node_availability w ON w.node_id = n.id
        WHERE n.draining <> (w.availability <> 'active')
           OR (n.drain_began_at IS NOT NULL) <> (w.availability = 'draining')
        ORDER BY n.id FOR NO KEY UPDATE OF n)
      UPDATE scheduling.node n
      SET draining = c.closed,
          drain_began_at = CASE WHEN c.emptied THEN ?::timestamptz END,
          drain_began_with = CASE WHEN c.emptied THEN
            (SELECT count(*) FROM scheduling.allocation a
             WHERE a.node_id = n.id AND a.released_at IS NULL) END,
          drain_waits_for = NULL
      FROM changed c WHERE c.id = n.id
      RETURNING n.name
      """;

  /// @return the names of the nodes that are wanted otherwise than before
  public List<String> takeOver(Instant now) {
    List<String> changed =
        jdbc.sql(TAKE_OVER).param(Times.sql(now)).query((row, index) -> row.getString(1)).list();
    if (!changed.isEmpty()) {
      jdbc.sql(STAY).update();
      jdbc.sql(PlanStore.NOTIFY_FACTS).query((row, index) -> true).list();
    }
    return changed;
  }

  /// Nodes that are emptied and still hold something.
  public List<String> emptied() {
    return jdbc.sql(
            """
            SELECT n.id FROM scheduling.node n
            WHERE n.drain_began_at IS NOT NULL
              AND EXISTS (SELECT 1 FROM scheduling.allocation a
                          WHERE a.node_id = n.id AND a.released_at IS NULL)
            ORDER BY n.id
            """)
        .query((row, index) -> row.getString(1))
        .list();
  }

  /// What the node holds that is to run and has not been asked to leave, in the order in which it
  /// will be; and how many are leaving already.
  public record Held(List<Demand> staying, int leaving) {}

  public Held held(String nodeId, int limit) {
    List<Demand> staying =
        jdbc.sql(
                """
                SELECT a.instance_id, i.reservation_id, i.generation, a.vcpu, a.memory_mib, i.zone
                FROM scheduling.allocation a
                JOIN compute.instance_intent i
                  ON i.instance_id = a.instance_id AND i.intent = 'RUN'
                WHERE a.node_id = ? AND a.released_at IS NULL AND a.leaving_since IS NULL
                ORDER BY a.instance_id LIMIT ?
                """)
            .params(nodeId, limit)
            .query((row, index) ->
                new Demand(
                    row.getString("instance_id"),
                    row.getString("reservation_id"),
                    row.getLong("generation"),
                    new Resources(row.getInt("vcpu"), row.getInt("memory_mib")),
                    row.getString("zone"),
                    Set.of(nodeId)))
            .list();
    int leaving =
        jdbc.sql(
                """
                SELECT count(*) FROM scheduling.allocation
                WHERE node_id = ? AND released_at IS NULL AND leaving_since IS NOT NULL
                """)
            .param(nodeId)
            .query(Integer.class)
            .single();
    return new Held(staying, leaving);
  }

  /// Asks these of a node's VMs to end there, no more than `atOnce` of the node's at any time,
  /// whatever other schedulers do, and writes down what the others wait for.
  ///
  /// @return how many were asked
  public int leave(
      String nodeId, List<String> instances, @Nullable String waitsFor, int atOnce, Instant now) {
    Integer asked =
        transaction.execute(status -> {
          boolean emptied =
              jdbc.sql(
                      """
                      SELECT drain_began_at IS NOT NULL FROM scheduling.node
                      WHERE id = ? FOR NO KEY UPDATE
                      """)
                  .param(nodeId)
                  .query(Boolean.class)
                  .single();
          if (!emptied) {
            return 0;
          }
          jdbc.sql(
                  """
                  UPDATE scheduling.node SET drain_waits_for = CAST(:reason AS text)
                  WHERE id = :id AND drain_waits_for IS DISTINCT FROM CAST(:reason AS text)
                  """)
              .param("reason", waitsFor, Types.VARCHAR)
              .param("id", nodeId)
              .update();
          return instances.isEmpty() ? 0 : ask(nodeId, instances, atOnce, now);
        });
    return asked == null ? 0 : asked;
  }

  private int ask(String nodeId, List<String> instances, int atOnce, Instant now) {
    int asked =
        jdbc.sql(
                """
                UPDATE scheduling.allocation SET leaving_since = ?
                WHERE (instance_id, epoch) IN
                  (SELECT a.instance_id, a.epoch FROM scheduling.allocation a
                   WHERE a.node_id = ? AND a.released_at IS NULL AND a.leaving_since IS NULL
                     AND a.instance_id = ANY (?)
                   ORDER BY a.instance_id
                   LIMIT greatest(0, ? - (SELECT count(*) FROM scheduling.allocation b
                                          WHERE b.node_id = ? AND b.released_at IS NULL
                                            AND b.leaving_since IS NOT NULL)))
                """)
            .params(Times.sql(now), nodeId, instances.toArray(String[]::new), atOnce, nodeId)
            .update();
    jdbc.sql(PlanStore.NOTIFY_FACTS).query((row, index) -> true).list();
    return asked;
  }
}
