package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import brume.billing.meter.TransitionSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Transitions as they are shown to explain a line, with what the node said and who asked for it.
final class FactQueries {
  private static final String OF_INSTANCE =
      """
      SELECT t.*, NULL::bigint AS size, r.request_id, r.principal, r.intent,
             r.at AS requested_at
      FROM scheduling.instance_transition t
      LEFT JOIN compute.instance_request r
        ON r.instance_id = t.instance_id AND r.generation = t.generation
      WHERE t.instance_id = ? AND t.seq = ANY (?)
      """;
  private static final String OF_RESOURCE =
      """
      SELECT seq, CASE WHEN present THEN 'PRESENT' ELSE 'GONE' END AS state, NULL AS cause,
             NULL AS reason, at, recorded_at, NULL AS node_id, epoch, NULL AS node_boot_id,
             NULL::bigint AS node_monotonic, NULL::bigint AS event_sequence, size, request_id,
             principal, kind AS intent, at AS requested_at
      FROM compute.resource_fact WHERE resource_id = ? AND seq = ANY (?)
      """;

  private final JdbcClient jdbc;

  FactQueries(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// @param seqs in the log that the meter reads
  Map<Long, Explanation.Fact> of(Meter meter, String resourceId, Long[] seqs) {
    Map<Long, Explanation.Fact> facts = new HashMap<>();
    jdbc.sql(meter.log().equals(TransitionSource.INSTANCES) ? OF_INSTANCE : OF_RESOURCE)
        .params(resourceId, seqs)
        .query(row -> {
          facts.put(row.getLong("seq"), fact(row));
        });
    return facts;
  }

  private static Explanation.Fact fact(ResultSet row) throws SQLException {
    String requestId = row.getString("request_id");
    return new Explanation.Fact(
        row.getLong("seq"),
        row.getString("state"),
        row.getString("cause"),
        row.getString("reason"),
        SqlTime.out(row, "at"),
        SqlTime.out(row, "recorded_at"),
        row.getString("node_id"),
        row.getLong("epoch"),
        row.getString("node_boot_id"),
        row.getObject("node_monotonic", Long.class),
        row.getObject("event_sequence", Long.class),
        row.getObject("size", Long.class),
        requestId == null
            ? null
            : new Explanation.Request(
                requestId,
                row.getString("principal"),
                row.getString("intent"),
                SqlTime.out(row, "requested_at")));
  }
}
