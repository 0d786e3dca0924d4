package brume.billing.terms;

import brume.billing.SqlTime;
import brume.billing.rating.Credit;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Keeps what is agreed with accounts and what they have paid ahead.
public final class TermsStore {
  private final JdbcClient jdbc;
  private final Clock clock;

  public TermsStore(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /// Money paid ahead, and what is left of it.
  public record Granted(Credit credit, BigDecimal amount, String currency, String note) {}

  public AccountTerms of(String accountId) {
    return of(List.of(accountId)).getOrDefault(accountId, AccountTerms.USUAL);
  }

  /// Of those of the accounts with which something is agreed.
  public Map<String, AccountTerms> of(Collection<String> accounts) {
    Map<String, AccountTerms> terms = new HashMap<>();
    jdbc.sql(
            """
            SELECT account_id, country, customer_kind, tax_id, zone, payment_days,
                   discount_basis_points, commitment_micros
            FROM billing.account_terms WHERE account_id = ANY (?::text[])
            """)
        .param(accounts.toArray(String[]::new))
        .query(row -> {
          terms.put(
              row.getString("account_id"),
              new AccountTerms(
                  row.getString("country"),
                  row.getString("customer_kind"),
                  row.getString("tax_id"),
                  row.getString("zone"),
                  row.getInt("payment_days"),
                  row.getInt("discount_basis_points"),
                  row.getLong("commitment_micros")));
        });
    return terms;
  }

  public void put(String accountId, AccountTerms terms) {
    jdbc.sql(
            """
            INSERT INTO billing.account_terms (account_id, country, customer_kind, tax_id, zone,
              payment_days, discount_basis_points, commitment_micros, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (account_id) DO UPDATE SET country = excluded.country,
              customer_kind = excluded.customer_kind, tax_id = excluded.tax_id,
              zone = excluded.zone, payment_days = excluded.payment_days,
              discount_basis_points = excluded.discount_basis_points,
              commitment_micros = excluded.commitment_micros, updated_at = excluded.updated_at
            """)
        .param(accountId)
        .param(terms.country())
        .param(terms.customerKind())
        .param(terms.taxId())
        .param(terms.zone())
        .param(terms.paymentDays())
        .param(terms.discountBasisPoints())
        .param(terms.commitmentMicros())
        .param(SqlTime.in(clock.instant()))
        .update();
  }

  /// Grants a credit unless there is one of this id already.
  ///
  /// @return false where the id is another credit's
  public boolean grant(
      String id,
      String accountId,
      BigDecimal amount,
      String currency,
      @Nullable Instant expiresAt,
      String note) {
    jdbc.sql(
            """
            INSERT INTO billing.credit (id, account_id, amount, currency, expires_at, note,
              granted_at)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            """)
        .param(id)
        .param(accountId)
        .param(amount)
        .param(currency)
        .param(expiresAt == null ? null : SqlTime.in(expiresAt))
        .param(note)
        .param(SqlTime.in(clock.instant()))
        .update();
    return jdbc.sql(
            """
            SELECT count(*) FROM billing.credit WHERE id = ? AND account_id = ? AND amount = ?
              AND currency = ? AND expires_at IS NOT DISTINCT FROM ?::timestamptz AND note = ?
            """)
        .param(id)
        .param(accountId)
        .param(amount)
        .param(currency)
        .param(expiresAt == null ? null : SqlTime.in(expiresAt))
        .param(note)
        .query(Integer.class)
        .single()
        .equals(1);
  }

  /// All credits of an account, the used up ones too, in the order in which they were granted.
  public List<Granted> credits(String accountId, String currency) {
    return jdbc.sql(
            """
            SELECT c.id, c.amount, c.currency, c.expires_at, c.note,
                   c.amount - coalesce((
                     SELECT sum(u.amount) FROM billing.credit_use u
                     JOIN billing.invoice i ON i.id = u.invoice_id
                     WHERE u.credit_id = c.id AND i.state <> 'voided'), 0) AS left
            FROM billing.credit c WHERE c.account_id = ? AND c.currency = ?
            ORDER BY c.granted_at, c.id LIMIT 1000
            """)
        .params(accountId, currency)
        .query((row, index) ->
            new Granted(
                new Credit(
                    row.getString("id"),
                    row.getBigDecimal("left"),
                    SqlTime.outOrNull(row, "expires_at")),
                row.getBigDecimal("amount"),
                row.getString("currency"),
                row.getString("note")))
        .list();
  }
}
