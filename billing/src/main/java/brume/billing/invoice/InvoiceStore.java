package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.pricing.PriceIndex;
import brume.billing.rating.Period;
import brume.billing.rating.Statement;
import brume.billing.terms.AccountTerms;
import brume.billing.terms.TermsStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Issues invoices, each whole in one transaction, and settles them.
///
/// ```
///   (draft) ──issue──▶ issued ──▶ paid
///                        │          │
///                        └──▶ voided ◀┘   what it was for stands on the next invoice
/// ```
public final class InvoiceStore {
  private final JdbcClient jdbc;
  private final InvoiceWriter writer;
  private final TransactionOperations transaction;
  private final StatementReader statements;
  private final TermsStore terms;
  private final Clock clock;
  private final MovedAccounts moved;

  /// @param transaction that sees one state (REPEATABLE READ)
  public InvoiceStore(
      JdbcTemplate jdbc,
      TransactionOperations transaction,
      StatementReader statements,
      TermsStore terms,
      Clock clock) {
    this.jdbc = JdbcClient.create(jdbc);
    this.writer = new InvoiceWriter(jdbc, terms, statements.currency(), clock);
    this.transaction = transaction;
    this.statements = statements;
    this.terms = terms;
    this.clock = clock;
    this.moved = new MovedAccounts(this.jdbc);
  }

  /// What issuing came to.
  public enum Issue {
    ISSUED,
    /// It was issued before; what came since stands on the next one.
    UNCHANGED,
    /// There was nothing to pay for.
    NOTHING,
    /// The log said something of the period since the audit: audit again.
    MOVED
  }

  /// Issues an account's invoice of a period that is over. Safe to call again, by anyone, at any
  /// time.
  ///
  /// @param audited the logs up to here agreed with the usage
  public Issue issue(String accountId, Period period, UsageAudit.Through audited) {
    return Objects.requireNonNull(
        transaction.execute(status -> issueOnce(accountId, period, audited)));
  }

  private Issue issueOnce(String accountId, Period period, UsageAudit.Through audited) {
    boolean there =
        jdbc.sql("SELECT EXISTS (SELECT 1 FROM billing.invoice WHERE id = ?)")
            .param(LineId.invoice(accountId, period))
            .query(Boolean.class)
            .single();
    if (there) {
      return Issue.UNCHANGED;
    }
    LogHead log = logHead();
    if (log.isBefore(audited) || moved.since(period, audited, log).contains(accountId)) {
      return Issue.MOVED;
    }
    AccountTerms agreed = terms.of(accountId);
    Statement statement = statements.read(accountId, period, period.closedAsOf(), agreed);
    if (statement.lines().isEmpty()) {
      return Issue.NOTHING;
    }
    writer.write(List.of(InvoiceDraft.of(accountId, period, agreed, statement)), period, log);
    return Issue.ISSUED;
  }

  /// How far the meter has read, in the caller's transaction.
  LogHead logHead() {
    return jdbc.sql(
            """
            SELECT i.seq, encode(i.chain, 'hex') AS chain, r.seq AS resources_seq,
                   CASE WHEN r.seq > 0 THEN encode(r.chain, 'hex') END AS resources_chain
            FROM billing.meter_cursor i, billing.meter_cursor r
            WHERE i.log = 'instances' AND r.log = 'resources'
            """)
        .query((row, index) ->
            new LogHead(
                row.getLong("seq"),
                row.getString("chain"),
                row.getLong("resources_seq"),
                row.getString("resources_chain")))
        .single();
  }

  /// Issues the invoices of accounts whose usage is added up already, all in one transaction; those
  /// that are there stay as they are.
  ///
  /// @param sums of each account, as the log was at `log`
  /// @return how many were issued
  int issue(Map<String, List<UsageSum>> sums, PriceIndex prices, Period period, LogHead log) {
    return Objects.requireNonNull(
        transaction.execute(status -> {
          Set<String> there = invoiced(sums.keySet(), period);
          Set<String> corrected = statements.corrected(sums.keySet(), period);
          Map<String, AccountTerms> agreed = terms.of(sums.keySet());
          List<InvoiceDraft> drafts = new ArrayList<>();
          sums.forEach((account, each) -> {
            if (!there.contains(account)) {
              AccountTerms own = agreed.getOrDefault(account, AccountTerms.USUAL);
              drafts.add(
                  InvoiceDraft.of(
                      account,
                      period,
                      own,
                      statements.of(
                          account, period, each, prices, corrected.contains(account), own)));
            }
          });
          if (!drafts.isEmpty()) {
            writer.write(drafts, period, log);
          }
          return drafts.size();
        }));
  }

  private Set<String> invoiced(Collection<String> accounts, Period period) {
    return new HashSet<>(
        jdbc.sql(
                """
                SELECT account_id FROM billing.invoice
                WHERE account_id = ANY (?::text[]) AND period_start = ? AND kind = 'month'
                """)
            .params(accounts.toArray(String[]::new), SqlTime.in(period.start()))
            .query(String.class)
            .list());
  }

  /// Marks an invoice as paid or voided.
  ///
  /// @throws MonthArchived where it shall be voided and its usage is in a file: what it was for
  ///   could not be put on the next one
  /// @return false where it is not there, or is in a state from which this can't be
  public boolean settle(String invoiceId, String state, String note) {
    return Objects.requireNonNull(
        transaction.execute(status -> {
          if (state.equals("voided")) {
            requireUsage(invoiceId);
          }
          int changed =
              jdbc.sql(
                      """
                      UPDATE billing.invoice SET state = :state, settled_at = :now,
                        settled_note = :note
                      WHERE id = :id AND (state = 'issued' OR (state = 'paid' AND :state = 'voided'))
                      """)
                  .param("state", state)
                  .param("now", SqlTime.in(clock.instant()))
                  .param("note", note)
                  .param("id", invoiceId)
                  .update();
          return changed == 1
              || jdbc.sql(
                      "SELECT EXISTS (SELECT 1 FROM billing.invoice WHERE id = ? AND state = ?)")
                  .params(invoiceId, state)
                  .query(Boolean.class)
                  .single();
        }));
  }

  private void requireUsage(String invoiceId) {
    jdbc.sql("SELECT period_start, period_end FROM billing.invoice WHERE id = ?")
        .param(invoiceId)
        .query((row, index) ->
            new Period(SqlTime.out(row, "period_start"), SqlTime.out(row, "period_end")))
        .optional()
        .ifPresent(period -> new ArchivedMonths(jdbc).refuse(period.start(), period.end()));
  }
}
