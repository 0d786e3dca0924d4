package brume.compute.audit;

import brume.compute.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads an account's audit trail, newest first.
@Component
class AuditQueries {
  /// One entry.
  ///
  /// @param code why it was refused; null where it was done
  record AuditEntry(
      String id,
      Instant at,
      String action,
      String outcome,
      @Nullable String code,
      @Nullable String detail,
      List<String> resources,
      String principal,
      @Nullable String userId,
      String from,
      String requestId) {}

  /// Which entries; null for any.
  ///
  /// @param principal a credential's or a user's id
  record Filter(
      @Nullable String action,
      @Nullable String outcome,
      @Nullable String principal,
      @Nullable String resource,
      @Nullable String requestId,
      @Nullable Instant from,
      @Nullable Instant to) {}

  private final JdbcClient database;

  AuditQueries(JdbcClient database) {
    this.database = database;
  }

  /// @param after the id of the last entry that was read; null at the beginning
  List<AuditEntry> list(String accountId, Filter filter, @Nullable String after, int most) {
    List<String> conditions = new ArrayList<>();
    conditions.add("account_id = :account");
    add(conditions, after, "id < :after");
    add(conditions, filter.action(), "action = :action");
    add(conditions, filter.outcome(), "outcome = :outcome");
    add(conditions, filter.principal(), "(principal = :principal OR user_id = :principal)");
    add(conditions, filter.resource(), ":resource = ANY (string_to_array(resources, ' '))");
    add(conditions, filter.requestId(), "request_id = :request");
    add(conditions, filter.from(), "at >= :from");
    add(conditions, filter.to(), "at < :to");
    return database
        .sql(
            "SELECT * FROM compute.audit_entry WHERE "
                + String.join(" AND ", conditions)
                + " ORDER BY id DESC LIMIT :most")
        .param("account", accountId)
        .param("after", after)
        .param("action", filter.action())
        .param("outcome", filter.outcome())
        .param("principal", filter.principal())
        .param("resource", filter.resource())
        .param("request", filter.requestId())
        .param("from", time(filter.from()), Types.TIMESTAMP)
        .param("to", time(filter.to()), Types.TIMESTAMP)
        .param("most", most)
        .query((row, number) -> entry(row))
        .list();
  }

  private static @Nullable Timestamp time(@Nullable Instant time) {
    return time == null ? null : Timestamp.from(time);
  }

  private static void add(List<String> conditions, @Nullable Object value, String condition) {
    if (value != null) {
      conditions.add(condition);
    }
  }

  private static AuditEntry entry(ResultSet row) throws SQLException {
    String resources = row.getString("resources");
    return new AuditEntry(
        row.getString("id"),
        Objects.requireNonNull(SqlTime.read(row, "at")),
        row.getString("action"),
        row.getString("outcome"),
        row.getString("code"),
        row.getString("detail"),
        resources.isEmpty() ? List.of() : List.of(resources.split(" ")),
        row.getString("principal"),
        row.getString("user_id"),
        row.getString("from_address"),
        row.getString("request_id"));
  }
}
