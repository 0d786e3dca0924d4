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

  /// What the account was told of its spending.
  record Alert(
      long number,
      String id,
      String kind,
      @Nullable String budgetId,
      @Nullable Integer percent,
      String amount,
      String reached,
      String currency,
      String message,
      Instant at) {}

  /// Where the account's logs end now.
  Seen newest(String accountId) {
    return database
        .sql(
            """
            SELECT (SELECT coalesce(max(seq), 0) FROM scheduling.instance_transition
                    WHERE account_id = :account) AS seq,
                   (SELECT coalesce(max(number), 0) FROM billing.alert_event
                    WHERE account_id = :account) AS alert
            """)
        .param("account", accountId)
        .query((row, number) -> new Seen(row.getLong("seq"), row.getLong("alert")))
        .single();
  }

  /// Alerts are numbered under a lock, by account: none can appear behind one that was read.
  List<Alert> alertsBehind(String accountId, long number, int most) {
    return database
        .sql(
            "SELECT * FROM billing.alert_event"
                + " WHERE account_id = ? AND number > ? ORDER BY number LIMIT ?")
        .params(accountId, number, most)
        .query((row, index) ->
            new Alert(
                row.getLong("number"),
                row.getString("id"),
                row.getString("kind"),
                row.getString("budget_id"),
                row.getObject("percent", Integer.class),
                row.getBigDecimal("amount").toPlainString(),
                row.getBigDecimal("reached").toPlainString(),
                row.getString("currency"),
                row.getString("message"),
                Objects.requireNonNull(SqlTime.read(row, "at"))))
        .list();
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
