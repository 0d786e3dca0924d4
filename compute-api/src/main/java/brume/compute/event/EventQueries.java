package brume.compute.event;

import brume.compute.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads an account's part of the transition log, whose numbers are given in the order of commits:
/// nothing can appear behind a number that was read.
@Component
class EventQueries {
  private final JdbcClient database;

  EventQueries(JdbcClient database) {
    this.database = database;
  }

  /// One transition of one of the account's VMs.
  ///
  /// @param nodeId only for operators of the cloud
  record Event(
      long seq,
      String instanceId,
      long epoch,
      long generation,
      String state,
      @Nullable String cause,
      @Nullable String reason,
      Instant at,
      Instant recordedAt,
      @Nullable String nodeId) {}

  /// The number of the account's newest event; 0 where there is none.
  long newest(String accountId) {
    return database
        .sql(
            "SELECT coalesce(max(seq), 0) FROM scheduling.instance_transition"
                + " WHERE account_id = ?")
        .param(accountId)
        .query(Long.class)
        .single();
  }

  List<Event> behind(String accountId, long seq, boolean showNode, int most) {
    return database
        .sql(
            "SELECT * FROM scheduling.instance_transition"
                + " WHERE account_id = ? AND seq > ? ORDER BY seq LIMIT ?")
        .params(accountId, seq, most)
        .query((row, number) -> event(row, showNode))
        .list();
  }

  private static Event event(ResultSet row, boolean showNode) throws SQLException {
    return new Event(
        row.getLong("seq"),
        row.getString("instance_id"),
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
