package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.rating.Amount;
import brume.billing.rating.Charge;
import brume.billing.rating.Discount;
import brume.billing.rating.Period;
import java.math.BigInteger;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What invoices of earlier months should have been, less what they and their corrections were: the
/// log said something later, or an invoice was voided. A discount is taken off as it was then.
final class CorrectionReader {
  /// Looks back a year: nothing is corrected that is older.
  private static final int INVOICES_MAX = 12;

  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuu-MM").withZone(ZoneOffset.UTC);

  private final JdbcClient jdbc;
  private final StatementReader statements;

  CorrectionReader(JdbcClient jdbc, StatementReader statements) {
    this.jdbc = jdbc;
    this.statements = statements;
  }

  private record Earlier(
      String id,
      Period period,
      boolean voided,
      long throughSeq,
      long resourcesSeq,
      Discount discount) {}

  List<Charge> read(String accountId, Period period) {
    List<Charge> corrections = new ArrayList<>();
    for (Earlier invoice : earlier(accountId, period)) {
      if (invoice.voided() || isTouched(accountId, invoice)) {
        corrections.addAll(corrections(accountId, invoice));
      }
    }
    return corrections;
  }

  /// Those of the accounts whose earlier invoices may have to be corrected.
  Set<String> touched(Collection<String> accounts, Period period) {
    return new HashSet<>(
        jdbc.sql(
                """
                SELECT DISTINCT i.account_id FROM billing.invoice i
                WHERE i.account_id = ANY (:accounts::text[]) AND i.period_start < :before
                  AND NOT EXISTS (SELECT 1 FROM billing.usage_archive a
                                  WHERE a.month = (i.period_start AT TIME ZONE 'UTC')::date)
                  AND (i.state = 'voided' OR EXISTS (
                    SELECT 1 FROM billing.usage u
                    WHERE u.account_id = i.account_id
                      AND u.month = (i.period_start AT TIME ZONE 'UTC')::date
                      AND u.closed_seq > CASE WHEN u.meter = 'instance-seconds'
                                              THEN i.through_seq ELSE i.resources_seq END
                      AND (u.ended_at < i.period_end OR u.ends_run
                           OR u.opened_seq > CASE WHEN u.meter = 'instance-seconds'
                                                  THEN i.through_seq ELSE i.resources_seq END)
                    UNION ALL
                    SELECT 1 FROM billing.open_usage o
                    WHERE o.account_id = i.account_id AND o.started_at < i.period_end
                      AND o.opened_seq > CASE WHEN o.meter = 'instance-seconds'
                                              THEN i.through_seq ELSE i.resources_seq END))
                """)
            .param("accounts", accounts.toArray(String[]::new))
            .param("before", SqlTime.in(period.start()))
            .query(String.class)
            .list());
  }

  private List<Earlier> earlier(String accountId, Period period) {
    return jdbc.sql(
            """
            SELECT id, period_start, period_end, state, through_seq, resources_seq,
                   (terms->>'discountBasisPoints')::integer AS discount
            FROM billing.invoice i WHERE account_id = ? AND period_start < ?
              AND NOT EXISTS (SELECT 1 FROM billing.usage_archive a
                              WHERE a.month = (i.period_start AT TIME ZONE 'UTC')::date)
            ORDER BY period_start DESC LIMIT ?
            """)
        .params(accountId, SqlTime.in(period.start()), INVOICES_MAX)
        .query((row, index) ->
            new Earlier(
                row.getString("id"),
                new Period(SqlTime.out(row, "period_start"), SqlTime.out(row, "period_end")),
                row.getString("state").equals("voided"),
                row.getLong("through_seq"),
                row.getLong("resources_seq"),
                new Discount(row.getInt("discount"))))
        .list()
        .reversed();
  }

  /// Whether a fact that came later moved something of the period.
  private boolean isTouched(String accountId, Earlier invoice) {
    return jdbc.sql(
            """
            SELECT EXISTS (
              SELECT 1 FROM billing.usage
              WHERE account_id = :account
                AND month = (:from::timestamptz AT TIME ZONE 'UTC')::date
                AND closed_seq > CASE WHEN meter = 'instance-seconds' THEN :seq ELSE :resources END
                AND (ended_at < :to OR ends_run OR opened_seq >
                       CASE WHEN meter = 'instance-seconds' THEN :seq ELSE :resources END)
              UNION ALL
              SELECT 1 FROM billing.open_usage
              WHERE account_id = :account AND started_at < :to AND opened_seq >
                      CASE WHEN meter = 'instance-seconds' THEN :seq ELSE :resources END)
            """)
        .param("account", accountId)
        .param("from", SqlTime.in(invoice.period().start()))
        .param("to", SqlTime.in(invoice.period().end()))
        .param("seq", invoice.throughSeq())
        .param("resources", invoice.resourcesSeq())
        .query(Boolean.class)
        .single();
  }

  private List<Charge> corrections(String accountId, Earlier invoice) {
    Map<String, Charge> is = new TreeMap<>();
    Map<String, String> resources = new HashMap<>();
    for (Charge charge :
        statements.usage(accountId, invoice.period(), invoice.period().closedAsOf())) {
      if (charge.of() instanceof Charge.Usage usage) {
        String id = LineId.of(accountId, invoice.period(), usage.quantity());
        is.put(id, charge);
        resources.put(id, usage.quantity().resourceId());
      }
    }
    Map<String, Amount> billed = billed(accountId, invoice, resources);
    String title = "Correction of " + MONTH.format(invoice.period().start());
    List<Charge> corrections = new ArrayList<>();
    for (Map.Entry<String, String> line : new TreeMap<>(resources).entrySet()) {
      Charge charge = is.get(line.getKey());
      Amount right = charge == null ? Amount.ZERO : less(charge.parts(), invoice.discount());
      Amount delta = right.minus(billed.getOrDefault(line.getKey(), Amount.ZERO));
      if (delta.parts().signum() != 0) {
        Charge.Usage now =
            charge != null && charge.of() instanceof Charge.Usage usage ? usage : null;
        corrections.add(
            new Charge(
                new Charge.Corrected(line.getKey(), invoice.period(), line.getValue(), now),
                title,
                delta));
      }
    }
    return corrections;
  }

  private static Amount less(Amount used, Discount discount) {
    return used.minus(discount.of(used));
  }

  /// What was charged for each line so far, after the discount.
  private Map<String, Amount> billed(
      String accountId, Earlier invoice, Map<String, String> resources) {
    Map<String, Amount> billed = new HashMap<>();
    if (!invoice.voided()) {
      jdbc.sql(
              """
              SELECT line_id, resource_id, parts FROM billing.invoice_line
              WHERE invoice_id = ? AND kind = 'usage'
              """)
          .param(invoice.id())
          .query(row -> {
            BigInteger parts = row.getBigDecimal("parts").toBigIntegerExact();
            billed.put(row.getString("line_id"), less(new Amount(parts), invoice.discount()));
            resources.put(row.getString("line_id"), row.getString("resource_id"));
          });
    }
    jdbc.sql(
            """
            SELECT l.corrects, l.resource_id, l.parts FROM billing.invoice i
            JOIN billing.invoice_line l ON l.invoice_id = i.id
            WHERE i.account_id = :account AND i.period_start > :after AND i.state <> 'voided'
              AND l.kind = 'correction' AND l.start_at >= :after AND l.start_at < :to
            """)
        .param("account", accountId)
        .param("after", SqlTime.in(invoice.period().start()))
        .param("to", SqlTime.in(invoice.period().end()))
        .query(row -> {
          BigInteger parts = row.getBigDecimal("parts").toBigIntegerExact();
          billed.merge(row.getString("corrects"), new Amount(parts), Amount::plus);
          resources.put(row.getString("corrects"), row.getString("resource_id"));
        });
    return billed;
  }
}
