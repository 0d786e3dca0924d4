package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.rating.Period;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Closes a month: the audit first, and when it agrees an invoice for each account that has none
/// yet. It may be interrupted anywhere and called again; what is issued stays, what is not is.
public final class MonthClose {
  private static final Logger LOG = LoggerFactory.getLogger(MonthClose.class);
  private static final int TRIES = 3;

  private final JdbcClient jdbc;
  private final UsageAudit audit;
  private final InvoiceStore invoices;
  private final Clock clock;
  private final Duration grace;

  /// @param grace how long after its end a month stays open for what comes late
  public MonthClose(
      JdbcClient jdbc, UsageAudit audit, InvoiceStore invoices, Clock clock, Duration grace) {
    this.jdbc = jdbc;
    this.audit = audit;
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
          "no invoice of {} is issued: the audit differs at {} and accounts {}",
          period.start(),
          verdict.differences().stream().limit(10).toList(),
          verdict.wronglyRated().stream().limit(10).toList());
      return new Outcome(0, 0, 0, verdict);
    }
    Map<InvoiceStore.Issue, Integer> counts = new EnumMap<>(InvoiceStore.Issue.class);
    for (String account : accounts(period)) {
      counts.merge(issue(account, period, verdict.throughSeq()), 1, Integer::sum);
    }
    return new Outcome(
        counts.getOrDefault(InvoiceStore.Issue.ISSUED, 0),
        counts.getOrDefault(InvoiceStore.Issue.UNCHANGED, 0),
        counts.getOrDefault(InvoiceStore.Issue.MOVED, 0),
        verdict);
  }

  private List<String> accounts(Period period) {
    return jdbc.sql(
            """
            SELECT account_id FROM billing.usage WHERE ended_at >= :from AND started_at < :to
            UNION SELECT account_id FROM billing.open_usage WHERE started_at < :to
            UNION SELECT account_id FROM billing.account_terms
                  WHERE commitment_micros > 0 AND updated_at < :to
            UNION SELECT account_id FROM billing.invoice WHERE period_start < :from
            ORDER BY 1
            """)
        .param("from", SqlTime.in(period.start()))
        .param("to", SqlTime.in(period.end()))
        .query((row, index) -> row.getString("account_id"))
        .list();
  }

  /// Another service may issue the same at the same time: one of the two then looks again.
  private InvoiceStore.Issue issue(String account, Period period, long auditedSeq) {
    for (int tries = 1; ; tries++) {
      try {
        return invoices.issue(account, period, auditedSeq);
      } catch (ConcurrencyFailureException | DuplicateKeyException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }
}
