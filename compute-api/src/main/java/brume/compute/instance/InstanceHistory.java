package brume.compute.instance;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.sql.SqlTime;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/instances/{id}/transitions`: what happened to an instance's VMs, from the scheduler's log.
@RestController
class InstanceHistory {
  /// One entry of the log.
  ///
  /// @param nodeId only for operators of the cloud
  record Transition(
      long seq,
      long epoch,
      long generation,
      String state,
      @Nullable String cause,
      @Nullable String reason,
      Instant at,
      Instant recordedAt,
      @Nullable String nodeId) {}

  private static final Pattern SEQ = Pattern.compile("[0-9]{1,18}");

  private final InstanceQueries instances;
  private final JdbcClient database;

  InstanceHistory(InstanceQueries instances, JdbcClient database) {
    this.instances = instances;
    this.database = database;
  }

  @GetMapping("/v1/instances/{instanceId}/transitions")
  @Needs("DescribeInstanceHistory")
  Page<Transition> transitions(
      Caller caller, @PathVariable("instanceId") String id, Paging paging) {
    instances.require(caller, InstanceQueries.checked(id));
    boolean showNode = caller.principal().cloudOperator();
    String after = paging.after();
    List<Transition> found =
        database
            .sql(
                "SELECT * FROM scheduling.instance_transition"
                    + " WHERE instance_id = :id AND seq > :after ORDER BY seq LIMIT :limit")
            .param("id", id)
            .param(
                "after", after != null && SEQ.matcher(after).matches() ? Long.parseLong(after) : 0)
            .param("limit", paging.oneMore())
            .query((row, number) -> transition(row, showNode))
            .list();
    return Page.of(paging, found, transition -> Long.toString(transition.seq()));
  }

  private static Transition transition(ResultSet row, boolean showNode) throws SQLException {
    return new Transition(
        row.getLong("seq"),
        row.getLong("epoch"),
        row.getLong("generation"),
        row.getString("state"),
        row.getString("cause"),
        row.getString("reason"),
        Objects.requireNonNull(SqlTime.read(row, "at")),
        Objects.requireNonNull(SqlTime.read(row, "recorded_at")),
        showNode ? row.getString("node_id") : null);
  }
}
