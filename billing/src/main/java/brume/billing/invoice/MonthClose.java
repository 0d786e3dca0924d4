package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.pricing.PriceIndex;
import brume.billing.rating.Period;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Closes a month: the audit first, and when it agrees an invoice for each account that has none
/// yet, in batches of accounts. It may be interrupted anywhere and called again; what is issued
/// stays, what is not is.
public final class MonthClose {
  private static final Logger LOG = LoggerFactory.getLogger(MonthClose.class);
  private static final int TRIES = 3;

  private final JdbcClient jdbc;
  private final TransactionOperations snapshot;
  private final UsageAudit audit;
  private final StatementReader statements;
  private final UsageSums usage;
  private final InvoiceStore invoices;
  private final Clock clock;
  private final Duration grace;
  private final int linesAtOnce;
  private final MovedAccounts movedAccounts;

  /// @param snapshot read-only transactions that see one state (REPEATABLE READ)
  /// @param grace how long after its end a month stays open for what comes late
  public MonthClose(
      JdbcTemplate jdbc,
      TransactionOperations snapshot,
      UsageAudit audit,
      StatementReader statements,
      InvoiceStore invoices,
      Clock clock,
      Duration grace) {
    this(jdbc, snapshot, audit, statements, invoices, clock, grace, IssueQueue.LINES_AT_ONCE);
  }

  MonthClose(
      JdbcTemplate jdbc,
      TransactionOperations snapshot,
      UsageAudit audit,
      StatementReader statements,
      InvoiceStore invoices,
      Clock clock,
      Duration grace,
      int linesAtOnce) {
    this.linesAtOnce = linesAtOnce;
    this.jdbc = JdbcClient.create(jdbc);
    this.movedAccounts = new MovedAccounts(this.jdbc);
    this.snapshot = snapshot;
    this.audit = audit;
    this.statements = statements;
    this.usage = new SqlUsageSums(jdbc, statements);
    this.invoices = invoices;
    this.clock = clock;
    this.grace = grace;
  }

  /// @param waiting accounts whose log moved while it was closed: they are issued when called again
  public record Outcome(int issued, int unchanged, int waiting, UsageAudit.Verdict audit) {}

  /// When the period may be closed.
  public Instant opens(Period period) {
    return period.end().plus(grace);
  }

  /// @throws IllegalStateException while the period is open
  public Outcome close(Period period) {
    if (clock.instant().isBefore(opens(period))) {
      throw new IllegalStateException("the period can be closed from " + opens(period) + " on");
    }
    UsageAudit.Verdict verdict = audit.check(period, period.closedAsOf());
    if (!verdict.agrees()) {
      LOG.error(
          "no invoice of {} is issued: the audit differs at {}, accounts {}, invoices {};"
              + " whole log: {}",
          period.start(),
          verdict.differences().stream().limit(10).toList(),
          verdict.wronglyRated().stream().limit(10).toList(),
          verdict.wronglySummed().stream().limit(10).toList(),
          verdict.logIsWhole());
      return new Outcome(0, 0, 0, verdict);
    }
    return issueAll(period, verdict);
  }

  /// The second half of closing: an invoice for each account that has none.
  ///
  /// @param verdict of an audit that agreed
  public Outcome issueAll(Period period, UsageAudit.Verdict verdict) {
    Summed summed =
        Objects.requireNonNull(snapshot.execute(status -> issueSummed(period, verdict.through())));
    Map<InvoiceStore.Issue, Integer> counts = new EnumMap<>(InvoiceStore.Issue.class);
    for (String account : withoutUsage(period)) {
      if (!summed.seen().contains(account)) {
        counts.merge(issue(account, period, verdict.through()), 1, Integer::sum);
      }
    }
    return new Outcome(
        summed.issued() + counts.getOrDefault(InvoiceStore.Issue.ISSUED, 0),
        summed.unchanged() + counts.getOrDefault(InvoiceStore.Issue.UNCHANGED, 0),
        summed.waiting() + counts.getOrDefault(InvoiceStore.Issue.MOVED, 0),
        verdict);
  }

  /// @param unchanged invoices that were there
  /// @param seen accounts whose usage was added up
  private record Summed(int issued, int unchanged, int waiting, Set<String> seen) {}

  /// Those who used something: added up in one stream, issued in batches beside it. They are as the
  /// log was when the stream began, and their invoices say so.
  private Summed issueSummed(Period period, UsageAudit.Through audited) {
    int unchanged =
        jdbc.sql("SELECT count(*) FROM billing.invoice WHERE period_start = ? AND kind = 'month'")
            .param(SqlTime.in(period.start()))
            .query(Integer.class)
            .single();
    LogHead log = invoices.logHead();
    Set<String> moved = movedAccounts.since(period, audited, log);
    Set<String> seen = new HashSet<>();
    AtomicInteger waiting = new AtomicInteger();
    PriceIndex prices = new PriceIndex(statements.schedule());
    try (IssueQueue queue = new IssueQueue(invoices, prices, period, log, linesAtOnce)) {
      usage.each(
          period,
          period.closedAsOf(),
          UsageSums.Accounts.NOT_INVOICED,
          (account, sums) -> {
            seen.add(account);
            if (moved.contains(account)) {
              waiting.incrementAndGet();
            } else {
              queue.add(account, sums);
            }
          });
      return new Summed(queue.finish(), unchanged, waiting.get(), seen);
    }
  }

  /// Those who may have to pay without having used anything: for a promise, or a correction.
  private List<String> withoutUsage(Period period) {
    return jdbc.sql(
            """
            SELECT account_id FROM (
              SELECT account_id FROM billing.account_terms
                WHERE commitment_micros > 0 AND updated_at < :to
              UNION SELECT account_id FROM billing.invoice WHERE period_start < :from) either
            WHERE account_id NOT IN (
              SELECT account_id FROM billing.invoice WHERE period_start = :from AND kind = 'month')
            ORDER BY 1
            """)
        .param("from", SqlTime.in(period.start()))
        .param("to", SqlTime.in(period.end()))
        .query((row, index) -> row.getString("account_id"))
        .list();
  }

  /// Another service may issue the same at the same time: one of the two then looks again.
  private InvoiceStore.Issue issue(String account, Period period, UsageAudit.Through audited) {
    for (int tries = 1; ; tries++) {
      try {
        return invoices.issue(account, period, audited);
      } catch (ConcurrencyFailureException | DuplicateKeyException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }
}
