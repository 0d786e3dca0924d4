package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.rating.Charge;
import brume.billing.rating.Credit;
import brume.billing.rating.Period;
import brume.billing.rating.Statement;
import brume.billing.terms.AccountTerms;
import brume.billing.terms.TermsStore;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/// Issues invoices, each whole in one transaction, and settles them.
///
/// ```
///   (draft) ──issue──▶ issued ──▶ paid
///                        │          │
///                        └──▶ voided ◀┘   what it was for stands on the next invoice
/// ```
public final class InvoiceStore {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final JdbcClient jdbc;
  private final LineCopy lines;
  private final TransactionOperations transaction;
  private final StatementReader statements;
  private final TermsStore terms;
  private final Clock clock;

  /// @param transaction that sees one state (REPEATABLE READ)
  public InvoiceStore(
      JdbcTemplate jdbc,
      TransactionOperations transaction,
      StatementReader statements,
      TermsStore terms,
      Clock clock) {
    this.jdbc = JdbcClient.create(jdbc);
    this.lines = new LineCopy(jdbc);
    this.transaction = transaction;
    this.statements = statements;
    this.terms = terms;
    this.clock = clock;
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
  /// @param auditedSeq the log up to here agreed with the usage
  public Issue issue(String accountId, Period period, long auditedSeq) {
    return Objects.requireNonNull(
        transaction.execute(status -> issueOnce(accountId, period, auditedSeq)));
  }

  private Issue issueOnce(String accountId, Period period, long auditedSeq) {
    String id = LineId.invoice(accountId, period);
    boolean there =
        jdbc.sql("SELECT EXISTS (SELECT 1 FROM billing.invoice WHERE id = ?)")
            .param(id)
            .query(Boolean.class)
            .single();
    if (there) {
      return Issue.UNCHANGED;
    }
    long cursor = jdbc.sql("SELECT seq FROM billing.meter_cursor").query(Long.class).single();
    if (hasMoved(accountId, period, auditedSeq, cursor)) {
      return Issue.MOVED;
    }
    AccountTerms agreed = terms.of(accountId);
    Statement statement = statements.read(accountId, period, period.closedAsOf(), agreed);
    if (statement.lines().isEmpty()) {
      return Issue.NOTHING;
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    List<Credit.Draw> draws =
        Credit.draw(
            terms.credits(accountId, statements.currency()).stream()
                .map(TermsStore.Granted::credit)
                .toList(),
            statement.total(),
            now);
    insert(id, accountId, period, cursor, agreed, statement, draws, now);
    lines.write(id, accountId, period, statement, names(accountId, statement));
    for (Credit.Draw draw : draws) {
      jdbc.sql("INSERT INTO billing.credit_use (credit_id, invoice_id, amount) VALUES (?, ?, ?)")
          .params(draw.creditId(), id, draw.amount())
          .update();
    }
    jdbc.sql("UPDATE billing.invoice SET state = 'issued' WHERE id = ?").param(id).update();
    return Issue.ISSUED;
  }

  private boolean hasMoved(String accountId, Period period, long auditedSeq, long cursor) {
    return cursor < auditedSeq
        || jdbc.sql(
                """
                SELECT EXISTS (
                  SELECT 1 FROM scheduling.instance_transition
                  WHERE seq > ? AND seq <= ? AND account_id = ? AND at < ?)
                """)
            .params(auditedSeq, cursor, accountId, SqlTime.in(period.closedAsOf()))
            .query(Boolean.class)
            .single();
  }

  private void insert(
      String id,
      String accountId,
      Period period,
      long cursor,
      AccountTerms agreed,
      Statement statement,
      List<Credit.Draw> draws,
      Instant now) {
    int number =
        jdbc.sql(
                """
                INSERT INTO billing.invoice_number AS n (account_id, last) VALUES (?, 1)
                ON CONFLICT (account_id) DO UPDATE SET last = n.last + 1 RETURNING last
                """)
            .param(accountId)
            .query(Integer.class)
            .single();
    byte[] chain =
        jdbc.sql("SELECT chain FROM billing.meter_cursor WHERE chain IS NOT NULL")
            .query((row, index) -> row.getBytes("chain"))
            .optional()
            .orElseThrow(() -> new IllegalStateException("the meter has not read the log yet"));
    BigDecimal credit =
        draws.stream()
            .map(Credit.Draw::amount)
            .reduce(BigDecimal.ZERO.setScale(statement.total().scale()), BigDecimal::add);
    jdbc.sql(
            """
            INSERT INTO billing.invoice (id, account_id, account_name, number, kind, period_start,
              period_end, state, currency, through_seq, terms, exact_total, rounding, net, tax_name,
              tax_basis_points, tax, total, credit, due, subtotals, lines, inputs_digest, issued_at,
              due_at, chain_head, certificate)
            VALUES (:id, :account, coalesce((SELECT name FROM compute.billable_account
                                             WHERE account_id = :account), ''),
              :number, 'month', :from, :to, 'draft', :currency, :seq, :terms::jsonb, :exact,
              :rounding, :net, :taxName, :taxBasisPoints, :tax, :total, :credit, :due,
              :subtotals::jsonb, :lines, :digest, :now, :dueAt, :chain, :certificate)
            """)
        .param("id", id)
        .param("account", accountId)
        .param("number", number)
        .param("from", SqlTime.in(period.start()))
        .param("to", SqlTime.in(period.end()))
        .param("currency", statements.currency())
        .param("seq", cursor)
        .param("terms", JSON.writeValueAsString(agreed))
        .param("exact", statement.exactTotal())
        .param("rounding", statement.rounding())
        .param("net", statement.net())
        .param("taxName", statement.taxed().name())
        .param("taxBasisPoints", statement.taxed().basisPoints())
        .param("tax", statement.tax())
        .param("total", statement.total())
        .param("credit", credit)
        .param("due", statement.total().subtract(credit))
        .param("subtotals", JSON.writeValueAsString(InvoiceLines.subtotals(statement)))
        .param("lines", statement.lines().size())
        .param("digest", digest(accountId, period, agreed, statement))
        .param("now", SqlTime.in(now))
        .param("dueAt", SqlTime.in(now.plus(Duration.ofDays(agreed.paymentDays()))))
        .param("chain", chain)
        .param(
            "certificate",
            certificate(id, number, accountId, period, cursor, chain, statement, credit))
        .update();
  }

  private byte[] certificate(
      String id,
      int number,
      String accountId,
      Period period,
      long throughSeq,
      byte[] chain,
      Statement statement,
      BigDecimal credit) {
    Certificate.Writer writer =
        new Certificate.Writer()
            .head(
                id,
                number,
                accountId,
                period,
                statements.currency(),
                throughSeq,
                Certificate.hex(chain));
    for (Statement.Line line : statement.lines()) {
      String lineId = LineId.of(accountId, period, line.charge().of());
      if (line.charge().of() instanceof Charge.Usage usage) {
        writer.line(InvoiceLines.line(lineId, line, usage, null, List.of()));
      } else {
        writer.adjustment(InvoiceLines.adjustment(lineId, line));
      }
    }
    return writer.sums(
        Money.text(statement.exactTotal()),
        Money.text(statement.rounding()),
        Money.text(statement.net()),
        Money.text(statement.tax()),
        Money.text(statement.total()),
        Money.text(credit),
        Money.text(statement.total().subtract(credit)));
  }

  /// Of all that decides the amounts, in the order of the lines.
  private static byte[] digest(
      String accountId, Period period, AccountTerms agreed, Statement statement) {
    MessageDigest digest = LineId.sha256();
    StringBuilder head = new StringBuilder();
    head.append(accountId).append('\n').append(period).append('\n');
    head.append(JSON.writeValueAsString(agreed)).append('\n');
    head.append(statement.taxed()).append('\n');
    digest.update(head.toString().getBytes(StandardCharsets.UTF_8));
    for (Statement.Line line : statement.lines()) {
      String text =
          LineId.of(accountId, period, line.charge().of())
              + ' '
              + line.charge().parts().parts()
              + '\n';
      digest.update(text.getBytes(StandardCharsets.UTF_8));
    }
    return digest.digest();
  }

  private Map<String, LineCopy.Name> names(String accountId, Statement statement) {
    Map<String, LineCopy.Name> names = new HashMap<>();
    jdbc.sql(
            """
            SELECT instance_id, name, tags FROM compute.billable_instance
            WHERE account_id = ? AND instance_id = ANY (?::text[])
            """)
        .params(accountId, InvoiceQueries.resources(statement))
        .query(row -> {
          names.put(
              row.getString("instance_id"),
              new LineCopy.Name(row.getString("name"), row.getString("tags")));
        });
    return names;
  }

  /// Marks an invoice as paid or voided.
  ///
  /// @return false where it is not there, or is in a state from which this can't be
  public boolean settle(String invoiceId, String state, String note) {
    return Objects.requireNonNull(
        transaction.execute(status -> {
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
}
