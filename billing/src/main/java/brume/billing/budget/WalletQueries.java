package brume.billing.budget;

import brume.billing.SqlTime;
import brume.billing.invoice.StatementReader;
import brume.billing.rating.Period;
import brume.billing.terms.AccountTerms;
import brume.billing.terms.TermsStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Reads wallets: credits, less what is owed, less what is used and not issued yet, by the same way
/// that makes invoices.
public final class WalletQueries {
  private static final int MOVEMENTS_MAX = 200;

  /// A month that the audit holds back may wait, but not for ever.
  private static final int OPEN_MONTHS_MAX = 3;

  private final JdbcClient jdbc;
  private final TransactionOperations snapshot;
  private final StatementReader statements;
  private final TermsStore terms;

  /// @param snapshot read-only transactions that see one state (REPEATABLE READ)
  public WalletQueries(
      JdbcClient jdbc,
      TransactionOperations snapshot,
      StatementReader statements,
      TermsStore terms) {
    this.jdbc = jdbc;
    this.snapshot = snapshot;
    this.statements = statements;
    this.terms = terms;
  }

  public Wallet read(String accountId, boolean prepaid, Instant now) {
    return Objects.requireNonNull(
        snapshot.execute(status -> {
          BigDecimal paidAhead = paidAhead(accountId, now);
          BigDecimal owed = owed(accountId);
          BigDecimal running = running(accountId, now.truncatedTo(ChronoUnit.SECONDS));
          return new Wallet(
              prepaid,
              statements.currency(),
              paidAhead.subtract(owed).subtract(running),
              paidAhead,
              owed,
              running,
              movements(accountId));
        }));
  }

  /// What is left, without what it moved through.
  BigDecimal balance(String accountId, Instant now) {
    return Objects.requireNonNull(
        snapshot.execute(status ->
            paidAhead(accountId, now)
                .subtract(owed(accountId))
                .subtract(running(accountId, now.truncatedTo(ChronoUnit.SECONDS)))));
  }

  private BigDecimal paidAhead(String accountId, Instant now) {
    return terms.credits(accountId, statements.currency()).stream()
        .map(TermsStore.Granted::credit)
        .filter(credit -> {
          Instant expiresAt = credit.expiresAt();
          return expiresAt == null || expiresAt.isAfter(now);
        })
        .map(credit -> credit.left())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private BigDecimal owed(String accountId) {
    return jdbc.sql(
            """
            SELECT coalesce(sum(due), 0) FROM billing.invoice
            WHERE account_id = ? AND currency = ? AND state = 'issued'
            """)
        .params(accountId, statements.currency())
        .query(BigDecimal.class)
        .single();
  }

  private BigDecimal running(String accountId, Instant asOf) {
    AccountTerms agreed = terms.of(accountId);
    YearMonth month = YearMonth.from(asOf.atOffset(ZoneOffset.UTC));
    BigDecimal sum = statements.read(accountId, Period.of(month), asOf, agreed).total();
    for (int back = 1; back <= OPEN_MONTHS_MAX; back++) {
      Period earlier = Period.of(month.minusMonths(back));
      if (!isIssued(accountId, earlier)) {
        sum = sum.add(statements.used(accountId, earlier, earlier.closedAsOf(), agreed).total());
      }
    }
    return sum;
  }

  private boolean isIssued(String accountId, Period period) {
    return jdbc.sql(
            """
            SELECT EXISTS (SELECT FROM billing.invoice WHERE account_id = ? AND period_start = ?
              AND kind = 'month')
            """)
        .params(accountId, SqlTime.in(period.start()))
        .query(Boolean.class)
        .single();
  }

  /// The newest first.
  private List<Wallet.Movement> movements(String accountId) {
    return jdbc.sql(
            """
            SELECT granted_at AS at, id AS credit_id, NULL AS invoice_id, amount, note
            FROM billing.credit WHERE account_id = :account AND currency = :currency
            UNION ALL
            SELECT i.issued_at, u.credit_id, i.id, -u.amount, ''
            FROM billing.credit_use u JOIN billing.invoice i ON i.id = u.invoice_id
            WHERE i.account_id = :account AND i.currency = :currency AND i.state <> 'voided'
            ORDER BY at DESC, credit_id, invoice_id NULLS LAST LIMIT :most
            """)
        .param("account", accountId)
        .param("currency", statements.currency())
        .param("most", MOVEMENTS_MAX)
        .query((row, index) ->
            new Wallet.Movement(
                SqlTime.out(row, "at"),
                row.getString("credit_id"),
                row.getString("invoice_id"),
                row.getBigDecimal("amount"),
                row.getString("note")))
        .list();
  }
}
