package brume.scheduler.fleet;

import brume.contract.Resources;
import brume.scheduler.placement.Demand;
import brume.scheduler.placement.FleetView;
import brume.scheduler.placement.NodeView;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Pending work as a query: what waits for a node, and the fleet it may go to.
public final class DemandQueries {
  private final JdbcClient jdbc;

  public DemandQueries(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// A demand and its place in the order of age.
  public record Waiting(Demand demand, Position position) {}

  /// Where a round stopped. Rounds that are full go on from here, so that a thousand demands that
  /// fit nowhere don't hide the one behind them.
  public record Position(Instant createdAt, String instanceId) {
    public static final Position START = new Position(Instant.EPOCH, "");
  }

  // An instance waits when its user wants it to run, nothing is held for it, it is not to wait
  // longer after a failure, and its guest did not end by itself at this generation: that end is for
  // compute-api to turn into a STOP.
  //
  // The shape is for a planner without statistics, as a young database has none: it takes both
  // subqueries to be tiny. NOT IN is hashed whatever it thinks (NOT EXISTS became a nested loop
  // that
  // took 40 s for 20,000 instances), and the VMs' history is probed only for what is left.
  private static final String WAITING =
      """
      WITH idle AS MATERIALIZED (
        SELECT i.instance_id, i.reservation_id, i.generation, i.vcpu, i.memory_mib, i.zone,
               i.created_at
        FROM compute.instance_intent i
        WHERE i.intent = 'RUN'
          AND (i.created_at, i.instance_id) > (?, ?)
          AND i.instance_id NOT IN (SELECT a.instance_id FROM scheduling.allocation a
                                    WHERE a.released_at IS NULL AND a.role = 'primary'))
      SELECT i.*,
             ARRAY(SELECT DISTINCT v.node_id FROM scheduling.vm v
                   WHERE v.instance_id = i.instance_id AND v.generation = i.generation
                     AND v.cause IN ('NODE_REFUSED', 'IMAGE_UNAVAILABLE')
                     AND v.observed_at > ?) AS avoid
      FROM idle i
      WHERE (SELECT coalesce(max(r.not_before), '-infinity') FROM scheduling.refusal r
             WHERE r.instance_id = i.instance_id AND r.generation = i.generation) <= ?
        AND (SELECT coalesce(max(v.generation), 0) FROM scheduling.vm v
             WHERE v.instance_id = i.instance_id
               AND v.cause IN ('GUEST_POWEROFF', 'GUEST_FAILURE')) < i.generation
      ORDER BY i.created_at, i.instance_id
      LIMIT ?
      """;

  /// The oldest first.
  public List<Waiting> waiting(Position after, int limit, Instant now) {
    return jdbc.sql(WAITING)
        .param(Times.sql(after.createdAt()))
        .param(after.instanceId())
        .param(Times.sql(now.minus(Restarts.WINDOW)))
        .param(Times.sql(now))
        .param(limit)
        .query((row, index) -> waiting(row))
        .list();
  }

  private static Waiting waiting(ResultSet row) throws SQLException {
    Array avoid = row.getArray("avoid");
    String instanceId = row.getString("instance_id");
    return new Waiting(
        new Demand(
            instanceId,
            row.getString("reservation_id"),
            row.getLong("generation"),
            new Resources(row.getInt("vcpu"), row.getInt("memory_mib")),
            row.getString("zone"),
            Set.of((String[]) avoid.getArray())),
        new Position(Objects.requireNonNull(Times.read(row, "created_at")), instanceId));
  }

  /// The whole fleet, and where the requests of these demands have instances already.
  public FleetView fleet(List<Demand> demands) {
    List<NodeView> nodes =
        jdbc.sql(
                """
                SELECT id, zone, vcpu, memory_mib, vcpu_used, memory_mib_used,
                       ready AND NOT draining AS open
                FROM scheduling.node
                """)
            .query((row, index) ->
                new NodeView(
                    row.getString("id"),
                    row.getString("zone"),
                    new Resources(row.getInt("vcpu"), row.getInt("memory_mib")),
                    new Resources(row.getInt("vcpu_used"), row.getInt("memory_mib_used")),
                    row.getBoolean("open")))
            .list();
    Map<String, Map<String, Integer>> placed = new HashMap<>();
    jdbc.sql(
            """
            SELECT i.reservation_id, n.zone, count(*) AS instances
            FROM compute.instance_intent i
            JOIN scheduling.allocation a
              ON a.instance_id = i.instance_id AND a.released_at IS NULL AND a.role = 'primary'
            JOIN scheduling.node n ON n.id = a.node_id
            WHERE i.reservation_id = ANY (?)
            GROUP BY i.reservation_id, n.zone
            """)
        .param(demands.stream().map(Demand::reservationId).distinct().toArray(String[]::new))
        .query(row -> {
          placed
              .computeIfAbsent(row.getString("reservation_id"), id -> new HashMap<>())
              .put(row.getString("zone"), row.getInt("instances"));
        });
    return new FleetView(nodes, placed);
  }
}
