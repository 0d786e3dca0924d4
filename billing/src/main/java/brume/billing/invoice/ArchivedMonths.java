package brume.billing.invoice;

import brume.billing.SqlTime;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which months' usage is in files: nothing is worked out from what is left of them.
final class ArchivedMonths {
  private final JdbcClient jdbc;

  ArchivedMonths(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// @throws MonthArchived where some of `[from, to)` is
  void refuse(Instant from, Instant to) {
    jdbc.sql(
            """
            SELECT to_char(month, 'YYYY-MM') AS month FROM billing.usage_archive
            WHERE month < ?::timestamptz AT TIME ZONE 'UTC'
              AND month + interval '1 month' > ?::timestamptz AT TIME ZONE 'UTC'
            ORDER BY month LIMIT 1
            """)
        .params(SqlTime.in(to), SqlTime.in(from))
        .query((row, index) -> row.getString("month"))
        .optional()
        .ifPresent(month -> {
          throw new MonthArchived(month);
        });
  }
}
