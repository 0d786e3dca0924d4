package brume.billing.invoice;

import brume.billing.CopyQuery;
import brume.billing.rating.Period;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/// Sums made by one query over all usage of the period, streamed in the order of accounts.
final class SqlUsageSums implements UsageSums {
  /// The query is a long one by design, and sorts as many rows as there will be lines.
  private static final String SETTINGS =
      "SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '256MB'; SET LOCAL jit = off;"
          + " SET LOCAL enable_mergejoin = off";

  private static final String NOT_INVOICED =
      "account_id NOT IN (SELECT account_id FROM billing.invoice"
          + " WHERE period_start = :from AND kind = 'month')";

  private final JdbcTemplate jdbc;
  private final StatementReader statements;

  SqlUsageSums(JdbcTemplate jdbc, StatementReader statements) {
    this.jdbc = jdbc;
    this.statements = statements;
  }

  @Override
  public void each(Period period, Instant asOf, Accounts accounts, Each each) {
    String condition = accounts == Accounts.ALL ? "true" : NOT_INVOICED;
    String sql =
        SegmentSql.inlined(
            SegmentSql.manyQuantities(condition), statements.currency(), period, asOf);
    Gathered gathered = new Gathered(new PriceCover(statements.schedule()), each);
    jdbc.execute((Connection connection) -> {
      try (Statement statement = connection.createStatement()) {
        statement.execute(SETTINGS);
      }
      CopyQuery.each(connection, sql, row -> gathered.add(UsageSum.read(row)));
      return null;
    });
    gathered.give();
    // The stream is over, and the connection free for a closer look.
    for (String account : gathered.doubtful) {
      statements.requirePrices(account, period, asOf);
      each.account(account, statements.sums(account, period, asOf));
    }
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
