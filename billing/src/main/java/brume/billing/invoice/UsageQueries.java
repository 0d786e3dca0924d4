package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An account's usage records, closed and open.
public final class UsageQueries {
  private final JdbcClient jdbc;
  private final ArchivedMonths archived;

  public UsageQueries(JdbcClient jdbc) {
    this.jdbc = jdbc;
    this.archived = new ArchivedMonths(jdbc);
  }

  private record Row(long place, Usage usage) {}

  /// Records that touch `[from, to)`, in the order in which they began, with those of their months
  /// that touch it: a month is not cut. Those of two logs take turns by their places there.
  ///
  /// @param after only records after this place
  /// @throws MonthArchived where some of it is in a file
  /// @param now what still runs is counted up to here
  public UsagePage page(
      String accountId, Instant from, Instant to, Instant now, long after, int limit) {
    archived.refuse(from, to);
    List<Row> rows =
        jdbc.sql(
                """
                SELECT placed.*, v.cpu_nanos, v.memory_touched FROM (
                SELECT * FROM (
                  SELECT epoch, resource_id, meter, sku, opened_seq, min(started_at) AS started_at,
                         max(ended_at) AS ended_at, sum(seconds) AS seconds,
                         sum(coalesce(counted, seconds * size))::bigint AS units
                  FROM billing.usage
                  WHERE account_id = :account AND ended_at >= :from AND started_at < :to
                    AND (ended_at > :from OR started_at = ended_at)
                    AND month >= date_trunc('month', :from::timestamptz AT TIME ZONE 'UTC')::date
                    AND month < :to::timestamptz AT TIME ZONE 'UTC'
                  GROUP BY epoch, resource_id, meter, sku, opened_seq
                  UNION ALL
                  SELECT epoch, resource_id, meter, sku, opened_seq, started_at, NULL,
                         used.seconds, CASE WHEN meter = 'egress-bytes' THEN 0
                                            ELSE used.seconds * size END
                  FROM billing.open_usage CROSS JOIN LATERAL (
                    SELECT greatest(0, floor(extract(epoch FROM :now - started_at)))::bigint
                      AS seconds) used
                  WHERE account_id = :account AND started_at < :to
                ) records CROSS JOIN LATERAL (
                  SELECT 2 * opened_seq + CASE WHEN meter = 'instance-seconds' THEN 0 ELSE 1 END
                    AS place) places
                WHERE place > :after ORDER BY place LIMIT :limit) placed
                LEFT JOIN scheduling.vm_consumption v
                  ON placed.meter = 'instance-seconds' AND v.instance_id = placed.resource_id
                     AND v.epoch = placed.epoch
                ORDER BY placed.place
                """)
            .param("account", accountId)
            .param("from", SqlTime.in(from))
            .param("to", SqlTime.in(to))
            .param("now", SqlTime.in(now))
            .param("after", after)
            .param("limit", limit + 1)
            .query((row, index) -> row(row))
            .list();
    List<Usage> items = new ArrayList<>();
    rows.stream().limit(limit).forEach(row -> items.add(row.usage()));
    @Nullable String next =
        rows.size() > limit ? String.valueOf(rows.get(limit - 1).place()) : null;
    return new UsagePage(items, next);
  }

  private static Row row(ResultSet row) throws SQLException {
    Meter meter = Meter.named(row.getString("meter"));
    Long cpuNanos = row.getObject("cpu_nanos", Long.class);
    return new Row(
        row.getLong("place"),
        new Usage(
            UsageId.of(meter, row.getLong("opened_seq")),
            row.getString("resource_id"),
            meter.name(),
            row.getString("sku"),
            SqlTime.out(row, "started_at"),
            SqlTime.outOrNull(row, "ended_at"),
            row.getLong("seconds"),
            Invoice.units(meter, row.getLong("units")),
            cpuNanos == null
                ? null
                : BigDecimal.valueOf(cpuNanos, 9).setScale(3, RoundingMode.DOWN),
            row.getObject("memory_touched", Long.class)));
  }
}
