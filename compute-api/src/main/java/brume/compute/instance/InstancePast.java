package brume.compute.instance;

import brume.compute.access.Caller;
import brume.compute.refusal.Refused;
import brume.compute.sql.SqlTime;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Instances as they were at a time: their state from the log of intents and the log of
/// transitions, by the same function of the two as today's. Name, tags and type are today's: no log
/// has them.
@Component
class InstancePast {
  /// The instance with the intent of that time, and the newest transition until then as its fact.
  private static final String FROM =
      """
      FROM (
        SELECT i.id, i.account_id, i.reservation_id, i.name, i.image_id, i.instance_type, i.vcpu,
               i.memory_mib, i.zone, i.created_at, c.intent, c.generation,
               i.termination_protected, false AS unplaced
        FROM compute.instance i
        JOIN LATERAL (
          SELECT intent, generation FROM compute.intent_change c
          WHERE c.instance_id = i.id AND c.at <= :asOf ORDER BY c.generation DESC LIMIT 1) c ON true
        WHERE i.account_id = :account AND i.created_at <= :asOf
          AND (CAST(:after AS text) IS NULL OR i.id < :after)) i
      JOIN compute.image m ON m.id = i.image_id
      LEFT JOIN LATERAL (
        SELECT t.state AS vm_state, t.state NOT IN ('GONE', 'FAILED') AS allocated, t.at
        FROM scheduling.instance_transition t
        WHERE t.instance_id = i.id AND t.at <= :asOf ORDER BY t.seq DESC LIMIT 1) f ON true
      """;

  private static final TypeReference<TreeMap<String, String>> TAGS = new TypeReference<>() {};

  private final JdbcClient database;
  private final JsonMapper json;
  private final Clock clock;

  InstancePast(JdbcClient database, JsonMapper json, Clock clock) {
    this.database = database;
    this.json = json;
    this.clock = clock;
  }

  Page<InstanceView> list(Caller caller, InstanceFilter filter, Instant asOf, Paging paging) {
    if (asOf.isAfter(clock.instant())) {
      throw Refused.invalid("asOf", "asOf must not be in the future");
    }
    if (filter.node() != null) {
      throw Refused.invalid("node", "node is only of today: leave it out or asOf");
    }
    InstanceConditions conditions = new InstanceConditions(filter);
    List<String> all = new ArrayList<>(conditions.all());
    all.add("true");
    List<InstanceView> found =
        conditions
            .bind(
                database
                    .sql(
                        "SELECT i.*, m.name AS image_name, f.vm_state, f.at, "
                            + "(SELECT jsonb_object_agg(t.key, t.value)::text"
                            + " FROM compute.instance_tag t WHERE t.instance_id = i.id) AS tags, "
                            + InstanceRows.STATE
                            + " AS state "
                            + FROM
                            + " WHERE "
                            + String.join(" AND ", all)
                            + " ORDER BY i.id DESC LIMIT :limit")
                    .param("account", caller.accountId())
                    .param("asOf", Timestamp.from(asOf))
                    .param("after", paging.after(), Types.VARCHAR)
                    .param("limit", paging.oneMore()))
            .query((row, number) -> view(row))
            .list();
    return Page.of(paging, found, InstanceView::id);
  }

  private InstanceView view(ResultSet row) throws SQLException {
    String state = row.getString("state");
    @Nullable Instant since = SqlTime.read(row, "at");
    String tags = row.getString("tags");
    boolean runs = "RUNNING".equals(row.getString("vm_state")) && state.equals("running");
    return new InstanceView(
        row.getString("id"),
        row.getString("name"),
        state,
        null,
        row.getString("reservation_id"),
        row.getString("image_id"),
        row.getString("image_name"),
        row.getString("instance_type"),
        row.getInt("vcpu"),
        row.getInt("memory_mib"),
        row.getString("zone"),
        null,
        tags == null ? Map.of() : json.readValue(tags, TAGS),
        row.getLong("generation"),
        row.getBoolean("termination_protected"),
        Objects.requireNonNull(SqlTime.read(row, "created_at")),
        runs ? since : null,
        null,
        null);
  }
}
