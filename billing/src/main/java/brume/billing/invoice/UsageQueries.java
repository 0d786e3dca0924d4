package brume.billing.invoice;

import brume.billing.SqlTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An account's usage records, closed and open.
public final class UsageQueries {
  private final JdbcClient jdbc;

  public UsageQueries(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private record Row(long openedSeq, Usage usage) {}

  /// Records that touch `[from, to)`, uncut, in the order in which they began.
  ///
  /// @param after only records that began after this transition
  /// @param now what still runs is counted up to here
  public UsagePage page(
      String accountId, Instant from, Instant to, Instant now, long after, int limit) {
    List<Row> rows =
        jdbc.sql(
                """
                SELECT * FROM (
                  SELECT resource_id, meter, sku, opened_seq, started_at, ended_at, seconds
                  FROM billing.usage
                  WHERE account_id = :account AND ended_at >= :from AND started_at < :to
                    AND (ended_at > :from OR started_at = ended_at)
                  UNION ALL
                  SELECT resource_id, meter, sku, opened_seq, started_at, NULL,
                         greatest(0, floor(extract(epoch FROM :now - started_at)))::bigint
                  FROM billing.open_usage WHERE account_id = :account AND started_at < :to
                ) records
                WHERE opened_seq > :after ORDER BY opened_seq LIMIT :limit
                """)
            .param("account", accountId)
            .param("from", SqlTime.in(from))
            .param("to", SqlTime.in(to))
            .param("now", SqlTime.in(now))
            .param("after", after)
            .param("limit", limit + 1)
            .query((row, index) ->
                new Row(
                    row.getLong("opened_seq"),
                    new Usage(
                        UsageId.of(row.getLong("opened_seq")),
                        row.getString("resource_id"),
                        row.getString("meter"),
                        row.getString("sku"),
                        SqlTime.out(row, "started_at"),
                        SqlTime.outOrNull(row, "ended_at"),
                        row.getLong("seconds"))))
            .list();
    List<Usage> items = new ArrayList<>();
    rows.stream().limit(limit).forEach(row -> items.add(row.usage()));
    @Nullable String next =
        rows.size() > limit ? String.valueOf(rows.get(limit - 1).openedSeq()) : null;
    return new UsagePage(items, next);
  }
}
