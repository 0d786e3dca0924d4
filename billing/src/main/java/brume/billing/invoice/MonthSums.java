package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.rating.Period;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An account's issued months, added up when they were issued: a year is some hundred rows, however
/// many lines its invoices have.
public final class MonthSums {
  private static final int SHOWN_MAX = 100;

  private final JdbcClient jdbc;

  public MonthSums(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// Of the invoices that stand, by month, kind, meter and sku.
  ///
  /// @param to exclusive
  public List<MonthSum> of(String accountId, Instant from, Instant to) {
    return jdbc.sql(
            """
            SELECT to_char(i.period_start AT TIME ZONE 'UTC', 'YYYY-MM') AS month, i.currency, s.*
            FROM billing.invoice i JOIN billing.invoice_sum s ON s.invoice_id = i.id
            WHERE i.account_id = ? AND i.period_start >= ? AND i.period_start < ?
              AND i.state IN ('issued', 'paid')
            ORDER BY i.period_start, s.kind DESC, s.meter, s.sku
            """)
        .params(accountId, SqlTime.in(from), SqlTime.in(to))
        .query((row, index) -> {
          String meter = row.getString("meter");
          return new MonthSum(
              row.getString("month"),
              row.getString("invoice_id"),
              row.getString("currency"),
              row.getString("kind"),
              meter.isEmpty() ? null : meter,
              meter.isEmpty() ? null : row.getString("sku"),
              row.getInt("lines"),
              row.getBigDecimal("units").toPlainString(),
              Money.text(row.getBigDecimal("exact")),
              Money.text(row.getBigDecimal("amount")));
        })
        .list();
  }

  /// The first invoices of a period whose sums are not those of their lines.
  List<String> wrong(Period period) {
    return jdbc.sql(
            """
            SELECT i.id FROM billing.invoice i
            WHERE i.period_start = ? AND i.kind = 'month' AND EXISTS (
              SELECT 1 FROM (
                SELECT kind, coalesce(meter, '') AS meter, coalesce(sku, '') AS sku,
                       count(*) AS lines,
                       sum(CASE WHEN kind = 'usage' THEN coalesce(units, seconds + minimum_seconds)
                                ELSE 0 END) AS units,
                       sum(exact) AS exact, sum(amount) AS amount
                FROM billing.invoice_line WHERE invoice_id = i.id
                GROUP BY kind, coalesce(meter, ''), coalesce(sku, '')) l
              FULL JOIN (SELECT * FROM billing.invoice_sum WHERE invoice_id = i.id) s
                USING (kind, meter, sku)
              WHERE (l.lines, l.units, l.exact, l.amount)
                    IS DISTINCT FROM (s.lines, s.units, s.exact, s.amount))
            ORDER BY 1 LIMIT ?
            """)
        .params(SqlTime.in(period.start()), SHOWN_MAX)
        .query((row, index) -> row.getString("id"))
        .list();
  }
}
