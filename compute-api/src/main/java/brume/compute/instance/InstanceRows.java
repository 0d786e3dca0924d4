package brume.compute.instance;

import brume.compute.sql.SqlTime;
import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.VmState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowMapper;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// How an [Instance] is read: the one SELECT that joins intent with the scheduler's facts.
final class InstanceRows implements RowMapper<Instance> {
  /// LATERAL with LIMIT, so that PostgreSQL looks up the fact of each instance that passes the
  /// other conditions; as a plain join it would first compute the newest fact of every instance
  /// there is.
  static final String FACT =
      """
       LEFT JOIN LATERAL (
         SELECT * FROM scheduling.instance_fact WHERE instance_id = i.id LIMIT 1) f ON true
      """;

  static final String SELECT =
      """
      SELECT i.id, i.account_id, i.reservation_id, i.launch_index, i.name, i.image_id, m.name AS image_name,
             i.instance_type, i.vcpu, i.memory_mib, i.zone AS zone_asked, i.intent, i.intent_cause,
             i.intent_reason, i.generation, i.region, i.created_at, i.intent_at, i.terminated_at,
             i.termination_protected, i.unplaced,
             (SELECT jsonb_object_agg(t.key, t.value)::text FROM compute.instance_tag t
               WHERE t.instance_id = i.id) AS tags,
             r.reason AS refusal, f.*
      FROM compute.instance i
      JOIN compute.image m ON m.id = i.image_id
      LEFT JOIN scheduling.instance_refusal r
        ON r.instance_id = i.id AND r.generation = i.generation
      """
          + FACT;

  /// [Instance#state] once more, for conditions: a test holds the two together.
  static final String STATE =
      """
      CASE i.intent
        WHEN 'RUN' THEN
          CASE WHEN f.vm_state IN ('RUNNING', 'MIGRATING') THEN 'running' ELSE 'pending' END
        WHEN 'TERMINATE' THEN
          CASE WHEN NOT i.unplaced
            AND coalesce(f.vm_state NOT IN ('GONE', 'FAILED'), f.allocated, false)
            THEN 'shutting-down' ELSE 'terminated' END
        ELSE
          CASE WHEN NOT i.unplaced
            AND coalesce(f.vm_state NOT IN ('GONE', 'FAILED'), f.allocated, false)
            THEN 'stopping' ELSE 'stopped' END
      END
      """;

  private static final TypeReference<TreeMap<String, String>> TAGS = new TypeReference<>() {};

  private final JsonMapper json;

  InstanceRows(JsonMapper json) {
    this.json = json;
  }

  @Override
  public Instance mapRow(ResultSet row, int number) throws SQLException {
    String tags = row.getString("tags");
    return new Instance(
        row.getString("id"),
        row.getString("account_id"),
        row.getString("reservation_id"),
        row.getInt("launch_index"),
        row.getString("name"),
        row.getString("image_id"),
        row.getString("image_name"),
        row.getString("instance_type"),
        row.getInt("vcpu"),
        row.getInt("memory_mib"),
        row.getString("zone_asked"),
        tags == null ? Map.of() : json.readValue(tags, TAGS),
        Intent.valueOf(row.getString("intent")),
        IntentCause.valueOf(row.getString("intent_cause")),
        row.getString("intent_reason"),
        row.getLong("generation"),
        row.getBoolean("termination_protected"),
        row.getBoolean("unplaced"),
        required(row, "created_at"),
        required(row, "intent_at"),
        SqlTime.read(row, "terminated_at"),
        row.getString("node_id") == null ? null : fact(row),
        row.getString("refusal"),
        row.getString("region"));
  }

  static Fact fact(ResultSet row) throws SQLException {
    return new Fact(
        row.getLong("epoch"),
        row.getBoolean("allocated"),
        new Fact.Place(
            row.getString("node_id"),
            row.getString("node_name"),
            row.getString("zone"),
            row.getString("node_address"),
            row.getString("node_access_token")),
        row.getString("vm_state") == null ? null : vm(row));
  }

  private static Fact.Vm vm(ResultSet row) throws SQLException {
    String cause = row.getString("cause");
    return new Fact.Vm(
        VmState.valueOf(row.getString("vm_state")),
        row.getLong("vm_generation"),
        cause == null ? null : EndCause.valueOf(cause),
        row.getString("reason"),
        SqlTime.read(row, "running_since"),
        SqlTime.read(row, "ended_at"),
        new Counters(
            required(row, "observed_at"),
            row.getLong("instructions"),
            row.getLong("cpu_nanos") / 1e9,
            row.getLong("memory_touched"),
            row.getLong("disk_read"),
            row.getLong("disk_written"),
            row.getLong("net_received"),
            row.getLong("net_sent"),
            row.getLong("guest_resets")));
  }

  private static Instant required(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(SqlTime.read(row, column), column);
  }
}
