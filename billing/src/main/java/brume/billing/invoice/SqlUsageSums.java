package brume.billing.invoice;

import brume.billing.CopyQuery;
import brume.billing.SqlTime;
import brume.billing.rating.Period;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Sums made by a query for some accounts after the other, all in the state that the caller's
/// transaction sees. An account's usage is read from an index in its order, so that no sum of all
/// usage is held or sorted at once, and the first accounts are given while the next are added up.
final class SqlUsageSums implements UsageSums {
  /// Few enough that their sums stay near the processor, many enough that planning costs little.
  static final int ACCOUNTS_AT_ONCE = 32;

  private static final String SETTINGS =
      "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'; SET LOCAL jit = off;"
          + " SET LOCAL enable_mergejoin = off; SET LOCAL max_parallel_workers_per_gather = 0";

  /// Each account is found by one look into the index behind the one before.
  private static final String USERS =
      """
      WITH RECURSIVE closed (id) AS (
        SELECT min(account_id) FROM billing.usage
        WHERE month = (:from::timestamptz AT TIME ZONE 'UTC')::date
        UNION ALL
        SELECT (SELECT min(account_id) FROM billing.usage
                WHERE month = (:from::timestamptz AT TIME ZONE 'UTC')::date AND account_id > id)
        FROM closed WHERE id IS NOT NULL
      )
      SELECT id FROM closed WHERE id IS NOT NULL
      UNION SELECT account_id FROM billing.open_usage WHERE started_at < :to
      ORDER BY id
      """;

  private final JdbcTemplate jdbc;
  private final StatementReader statements;
  private final int accountsAtOnce;

  SqlUsageSums(JdbcTemplate jdbc, StatementReader statements) {
    this(jdbc, statements, ACCOUNTS_AT_ONCE);
  }

  SqlUsageSums(JdbcTemplate jdbc, StatementReader statements, int accountsAtOnce) {
    this.jdbc = jdbc;
    this.statements = statements;
    this.accountsAtOnce = accountsAtOnce;
  }

  @Override
  public void each(Period period, Instant asOf, Accounts accounts, Each each) {
    Gathered gathered = new Gathered(new PriceCover(statements.schedule()), each);
    List<String> users = users(period, accounts);
    jdbc.execute((Connection connection) -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute(SETTINGS);
      }
      PGConnection postgres = connection.unwrap(PGConnection.class);
      for (int from = 0; from < users.size(); from += accountsAtOnce) {
        int to = Math.min(users.size(), from + accountsAtOnce);
        List<String> some = new ArrayList<>();
        for (String account : users.subList(from, to)) {
          some.add(postgres.escapeLiteral(account));
        }
        String sql =
            SegmentSql.inlined(
                SegmentSql.manyQuantities("account_id IN ('" + String.join("','", some) + "')"),
                statements.currency(),
                period,
                asOf);
        CopyQuery.each(connection, sql, row -> gathered.add(UsageSum.read(row)));
      }
      return null;
    });
    gathered.give();
    // The streams are over, and the connection free for a closer look.
    for (String account : gathered.doubtful) {
      statements.requirePrices(account, period, asOf);
      each.account(account, statements.sums(account, period, asOf));
    }
  }

  /// Accounts with usage in the period, in order.
  private List<String> users(Period period, Accounts accounts) {
    JdbcClient client = JdbcClient.create(jdbc);
    List<String> users =
        client
            .sql(USERS)
            .param("from", SqlTime.in(period.start()))
            .param("to", SqlTime.in(period.end()))
            .query((row, index) -> row.getString("id"))
            .list();
    if (accounts == Accounts.ALL) {
      return users;
    }
    Set<String> invoiced =
        new HashSet<>(
            client
                .sql(
                    "SELECT account_id FROM billing.invoice"
                        + " WHERE period_start = ? AND kind = 'month'")
                .param(SqlTime.in(period.start()))
                .query(String.class)
                .list());
    return users.stream().filter(account -> !invoiced.contains(account)).toList();
  }

  /// The rows of one account at a time.
  private static final class Gathered {
    private final PriceCover cover;
    private final Each each;
    private final List<String> doubtful = new ArrayList<>();
    private List<UsageSum> sums = new ArrayList<>();
    private boolean covered = true;

    private Gathered(PriceCover cover, Each each) {
      this.cover = cover;
      this.each = each;
    }

    private void add(UsageSum sum) {
      if (!sums.isEmpty() && !sums.getFirst().accountId().equals(sum.accountId())) {
        give();
      }
      sums.add(sum);
      covered &= cover.covers(sum);
      UsageSum.requireFew(sum.accountId(), sums.size());
    }

    private void give() {
      if (sums.isEmpty()) {
        return;
      }
      String account = sums.getFirst().accountId();
      if (covered) {
        each.account(account, sums);
      } else {
        doubtful.add(account);
      }
      sums = new ArrayList<>();
      covered = true;
    }
  }
}
