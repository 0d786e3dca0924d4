package brume.scheduler.sync;

import brume.contract.Intent;
import brume.contract.sync.DesiredVm;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads what nodes should run: allocations that are held, joined with what their users want. An
/// instance that is in no view of compute-api any more is wanted by nobody: TERMINATE. One that
/// leaves its node is asked to STOP there, while its user goes on wanting it to run.
public final class DesiredQueries {
  // The order must be that of String.compareTo, in which DesiredSet's version is made: "C".
  private static final String VERSIONS =
      """
      SELECT a.node_id,
             encode(sha256(convert_to(string_agg(
               a.instance_id || '/' || a.epoch || '/' || coalesce(i.generation, a.generation) || '/'
                 || CASE WHEN a.leaving_since IS NOT NULL AND i.intent = 'RUN' THEN 'STOP'
                         ELSE coalesce(i.intent, 'TERMINATE') END
                 || '/' || coalesce(i.reboots, 0) || ';',
               '' ORDER BY a.instance_id COLLATE "C", a.epoch), 'UTF8')), 'hex') AS version
      FROM scheduling.allocation a
      LEFT JOIN compute.instance_intent i ON i.instance_id = a.instance_id
      WHERE a.node_id = ANY (?) AND a.released_at IS NULL
      GROUP BY a.node_id
      """;

  private static final String DESIRED =
      """
      SELECT a.instance_id, a.epoch, a.vcpu, a.memory_mib,
             coalesce(i.generation, a.generation) AS generation,
             CASE WHEN a.leaving_since IS NOT NULL AND i.intent = 'RUN' THEN 'STOP'
                  ELSE coalesce(i.intent, 'TERMINATE') END AS intent,
             coalesce(i.reboots, 0) AS reboots,
             coalesce(i.baseline_percent, 1) AS baseline_percent,
             coalesce(i.image_source, '') AS image_source, i.user_data
      FROM scheduling.allocation a
      LEFT JOIN compute.instance_intent i ON i.instance_id = a.instance_id
      WHERE a.node_id = ? AND a.released_at IS NULL
      ORDER BY a.instance_id COLLATE "C", a.epoch
      """;

  private final JdbcClient jdbc;

  public DesiredQueries(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// The versions of these nodes' desired sets. A node that holds nothing is left out.
  Map<String, String> versions(Collection<String> nodeIds) {
    Map<String, String> versions = new HashMap<>();
    jdbc.sql(VERSIONS)
        .param(nodeIds.toArray(String[]::new))
        .query(row -> {
          versions.put(row.getString("node_id"), row.getString("version"));
        });
    return versions;
  }

  DesiredSet desired(String nodeId) {
    return DesiredSet.of(
        jdbc.sql(DESIRED).param(nodeId).query((row, index) -> desired(row)).list());
  }

  private static DesiredVm desired(ResultSet row) throws SQLException {
    byte[] userData = row.getBytes("user_data");
    String instanceId = row.getString("instance_id");
    return new DesiredVm(
        instanceId,
        row.getLong("epoch"),
        row.getLong("generation"),
        Intent.valueOf(row.getString("intent")),
        row.getLong("reboots"),
        row.getInt("vcpu"),
        row.getInt("memory_mib"),
        row.getInt("baseline_percent"),
        row.getString("image_source"),
        instanceId,
        userData == null ? null : Base64.getEncoder().encodeToString(userData));
  }
}
