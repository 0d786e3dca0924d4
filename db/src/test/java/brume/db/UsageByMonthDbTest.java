package brume.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// Usage from before it was kept by the month is cut at the ends of months, and nothing of it is
/// lost or doubled.
class UsageByMonthDbTest {
  private static final String BEFORE =
      """
      INSERT INTO billing.usage (resource_id, meter, account_id, sku, epoch, run_started_at,
        started_at, ended_at, ends_run, closed_by, opened_seq, closed_seq, size, counted)
      SELECT 'r', meter, 'a', 's', 1, f::timestamptz, f::timestamptz, t::timestamptz, true, 'GONE',
             seq, seq + 1, 3, counted
      FROM (VALUES
        ('instance-seconds', 1, '2026-09-05T00:00:00Z', '2026-09-06T00:00:00Z', NULL::bigint),
        ('instance-seconds', 3, '2026-09-30T00:00:00Z', '2026-10-01T00:00:00Z', NULL),
        ('instance-seconds', 5, '2026-10-01T00:00:00Z', '2026-10-01T00:00:00Z', NULL),
        ('instance-seconds', 7, '2026-10-31T23:59:59Z', '2027-01-01T00:00:01Z', NULL),
        ('egress-bytes', 9, '2026-10-31T00:00:00Z', '2026-11-02T00:00:00Z', 77))
        AS v (meter, seq, f, t, counted)
      """;

  @Test
  void recordsAreCutAtTheEndsOfMonths() throws SQLException {
    TestDatabase database = TestDatabase.fresh();
    try (Connection connection = database.ownerDataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA billing, scheduling, compute CASCADE");
      statement.execute("DROP TABLE public.schema_history");
      Flyway.configure()
          .dataSource(database.ownerDataSource())
          .locations("classpath:db/migrations")
          .defaultSchema("public")
          .table("schema_history")
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .target("030")
          .load()
          .migrate();
      statement.execute(BEFORE);
      long seconds = number(statement, "SELECT sum(seconds) FROM billing.usage");
      database.migrateAgain();
      assertThat(
              rows(
                  statement,
                  """
                  SELECT concat_ws(' ', opened_seq, to_char(month, 'YYYY-MM'),
                                   started_at AT TIME ZONE 'UTC', ended_at AT TIME ZONE 'UTC',
                                   ends_run, size, counted)
                  FROM billing.usage ORDER BY opened_seq, month
                  """))
          .containsExactly(
              "1 2026-09 2026-09-05 00:00:00 2026-09-06 00:00:00 t 3",
              "3 2026-09 2026-09-30 00:00:00 2026-10-01 00:00:00 t 3",
              "5 2026-10 2026-10-01 00:00:00 2026-10-01 00:00:00 t 3",
              "7 2026-10 2026-10-31 23:59:59 2026-11-01 00:00:00 f 3",
              "7 2026-11 2026-11-01 00:00:00 2026-12-01 00:00:00 f 3",
              "7 2026-12 2026-12-01 00:00:00 2027-01-01 00:00:00 f 3",
              "7 2027-01 2027-01-01 00:00:00 2027-01-01 00:00:01 t 3",
              "9 2026-10 2026-10-31 00:00:00 2026-11-01 00:00:00 f 3 0",
              "9 2026-11 2026-11-01 00:00:00 2026-11-02 00:00:00 t 3 77");
      assertThat(number(statement, "SELECT sum(seconds) FROM billing.usage")).isEqualTo(seconds);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    return Long.parseLong(rows(statement, sql).getFirst());
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }
}
