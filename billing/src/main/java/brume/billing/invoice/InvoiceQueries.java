package brume.billing.invoice;

import brume.billing.rating.Charge;
import brume.billing.rating.Credit;
import brume.billing.rating.Period;
import brume.billing.rating.Statement;
import brume.billing.terms.AccountTerms;
import brume.billing.terms.TermsStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// An account's invoice of a month that is not over, from its usage as it stands. Reads one
/// snapshot, so that the meter may move while it does.
public final class InvoiceQueries {
  private final JdbcClient jdbc;
  private final TransactionOperations snapshot;
  private final StatementReader statements;
  private final TermsStore terms;

  /// @param snapshot read-only transactions that see one state (REPEATABLE READ)
  public InvoiceQueries(
      JdbcClient jdbc,
      TransactionOperations snapshot,
      StatementReader statements,
      TermsStore terms) {
    this.jdbc = jdbc;
    this.snapshot = snapshot;
    this.statements = statements;
    this.terms = terms;
  }

  /// The invoice of the month that `now` is in, up to the whole second.
  ///
  /// @throws PriceMissing when something has no price
  public Invoice current(String accountId, @Nullable String accountName, Instant now) {
    Instant asOf = now.truncatedTo(ChronoUnit.SECONDS);
    return draft(accountId, accountName, Period.monthOf(asOf), asOf);
  }

  /// @param asOf what still runs is counted up to here
  public Invoice draft(
      String accountId, @Nullable String accountName, Period period, Instant asOf) {
    return Objects.requireNonNull(
        snapshot.execute(status -> read(accountId, accountName, period, asOf)));
  }

  private Invoice read(
      String accountId, @Nullable String accountName, Period period, Instant asOf) {
    // These queries take longer to plan than to run, and their plan is the same for all accounts.
    jdbc.sql("SET LOCAL plan_cache_mode = force_generic_plan").update();
    AccountTerms agreed = terms.of(accountId);
    DraftUsage used = statements.draftUsage(accountId, period, asOf);
    Statement statement = statements.read(accountId, period, asOf, used, agreed);
    Map<String, String> names = names(accountId, statement);
    List<Invoice.Line> lines = new ArrayList<>();
    List<Invoice.Adjustment> adjustments = new ArrayList<>();
    LineId.Names ids = new LineId.Names(accountId, period);
    for (Statement.Line line : statement.lines()) {
      String id = ids.of(line.charge().of());
      if (line.charge().of() instanceof Charge.Usage usage) {
        lines.add(
            InvoiceLines.line(
                id,
                line,
                usage,
                names.get(usage.quantity().resourceId()),
                used.intervals(usage.quantity())));
      } else {
        adjustments.add(InvoiceLines.adjustment(id, line));
      }
    }
    BigDecimal credit =
        Credit.draw(credits(accountId), statement.total(), asOf).stream()
            .map(Credit.Draw::amount)
            .reduce(BigDecimal.ZERO.setScale(statement.total().scale()), BigDecimal::add);
    return new Invoice(
        null,
        null,
        accountId,
        accountName,
        Invoice.DRAFT,
        period,
        asOf,
        null,
        null,
        null,
        null,
        agreed.zone(),
        agreed.taxId(),
        statements.currency(),
        lines,
        adjustments,
        InvoiceLines.subtotals(statement),
        Money.text(statement.exactTotal()),
        Money.text(statement.rounding()),
        Money.text(statement.net()),
        statement.taxed().name(),
        Money.text(statement.tax()),
        Money.text(statement.total()),
        Money.text(credit),
        Money.text(statement.total().subtract(credit)),
        null);
  }

  private List<Credit> credits(String accountId) {
    return terms.credits(accountId, statements.currency()).stream()
        .map(TermsStore.Granted::credit)
        .toList();
  }

  private Map<String, String> names(String accountId, Statement statement) {
    Map<String, String> names = new HashMap<>();
    jdbc.sql(
            """
            SELECT resource_id, name FROM compute.billable_resource
            WHERE account_id = ? AND resource_id = ANY (?::text[]) AND name IS NOT NULL
            """)
        .params(accountId, resources(statement))
        .query(row -> {
          names.put(row.getString("resource_id"), row.getString("name"));
        });
    return names;
  }

  static String[] resources(Statement statement) {
    return statement.lines().stream()
        .map(line -> line.charge().of())
        .filter(Charge.Usage.class::isInstance)
        .map(of -> ((Charge.Usage) of).quantity().resourceId())
        .distinct()
        .toArray(String[]::new);
  }
}
