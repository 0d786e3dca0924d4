package brume.billing.budget;

import brume.billing.SqlTime;
import brume.contract.IdGenerator;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Keeps what accounts chose about their spending, what was found, and what they were told of it.
public final class SpendingStore {
  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final IdGenerator ids;

  public SpendingStore(JdbcClient jdbc, TransactionOperations transaction, IdGenerator ids) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.ids = ids;
  }

  /// What a look found.
  ///
  /// @param spent this month
  /// @param balance of a wallet
  record Found(Instant at, BigDecimal spent, @Nullable BigDecimal balance) {}

  /// Something to be told unless it has been.
  ///
  /// @param occasion is told once
  record Occasion(
      String occasion,
      String kind,
      @Nullable String budgetId,
      @Nullable Integer percent,
      BigDecimal amount,
      BigDecimal reached,
      String message) {}

  /// Decides with what the account has chosen as it stands under the lock.
  interface Verdict {
    Decided of(Spending chosen);
  }

  record Decided(Spending.@Nullable Stop stop, List<Occasion> occasions) {}

  public Spending of(String accountId) {
    return jdbc.sql("SELECT * FROM billing.spending WHERE account_id = ?")
        .param(accountId)
        .query((row, index) -> spending(row))
        .optional()
        .orElse(Spending.NONE);
  }

  private static Spending spending(ResultSet row) throws SQLException {
    String code = row.getString("refusal");
    return new Spending(
        row.getBigDecimal("limit_amount"),
        row.getBoolean("stops_instances"),
        row.getBoolean("prepaid"),
        SqlTime.outOrNull(row, "looked_at"),
        row.getBigDecimal("spent"),
        row.getBigDecimal("balance"),
        code == null
            ? null
            : new Spending.Stop(code, Objects.requireNonNull(row.getString("refusal_detail"))));
  }

  /// @param limit null for none
  public void choose(String accountId, @Nullable BigDecimal limit, boolean stopsInstances) {
    jdbc.sql(
            """
            INSERT INTO billing.spending (account_id, limit_amount, stops_instances)
            VALUES (:account, :limit, :stops) ON CONFLICT (account_id) DO UPDATE
            SET limit_amount = excluded.limit_amount, stops_instances = excluded.stops_instances
            """)
        .param("account", accountId)
        .param("limit", limit, Types.NUMERIC)
        .param("stops", stopsInstances)
        .update();
  }

  public void prepay(String accountId, boolean prepaid) {
    jdbc.sql(
            """
            INSERT INTO billing.spending (account_id, prepaid) VALUES (?, ?)
            ON CONFLICT (account_id) DO UPDATE SET prepaid = excluded.prepaid
            """)
        .params(accountId, prepaid)
        .update();
  }

  /// So that the account is looked at, whatever it watches.
  public void watch(String accountId) {
    jdbc.sql("INSERT INTO billing.spending (account_id) VALUES (?) ON CONFLICT DO NOTHING")
        .param(accountId)
        .update();
  }

  /// Who was not looked at since then, the longest first.
  List<String> unseenSince(Instant since, int most) {
    return jdbc.sql(
            """
            SELECT account_id FROM billing.spending s
            WHERE (looked_at IS NULL OR looked_at <= ?)
              AND (limit_amount IS NOT NULL OR prepaid OR refusal IS NOT NULL
                   OR EXISTS (SELECT FROM billing.budget b WHERE b.account_id = s.account_id))
            ORDER BY looked_at NULLS FIRST, account_id LIMIT ?
            """)
        .params(SqlTime.in(since), most)
        .query((row, index) -> row.getString("account_id"))
        .list();
  }

  /// Writes what was found and what follows from it. Two services may look at once: what the
  /// earlier saw never comes after what the later saw.
  void found(String accountId, Found found, String currency, Verdict verdict) {
    transaction.executeWithoutResult(status -> {
      Optional<Spending> row =
          jdbc.sql("SELECT * FROM billing.spending WHERE account_id = ? FOR UPDATE")
              .param(accountId)
              .query((each, index) -> spending(each))
              .optional();
      if (row.isEmpty()) {
        return;
      }
      Instant before = row.get().lookedAt();
      if (before != null && before.isAfter(found.at())) {
        return;
      }
      Decided decided = verdict.of(row.get());
      Spending.Stop stop = decided.stop();
      jdbc.sql(
              """
              UPDATE billing.spending SET looked_at = :at, spent = :spent, balance = :balance,
                refusal = :code, refusal_detail = :detail WHERE account_id = :account
              """)
          .param("at", SqlTime.in(found.at()))
          .param("spent", found.spent())
          .param("balance", found.balance(), Types.NUMERIC)
          .param("code", stop == null ? null : stop.code(), Types.VARCHAR)
          .param("detail", stop == null ? null : stop.detail(), Types.VARCHAR)
          .param("account", accountId)
          .update();
      decided.occasions().forEach(occasion -> tell(accountId, occasion, currency, found.at()));
    });
  }

  private void tell(String accountId, Occasion occasion, String currency, Instant at) {
    String id = ids.next("alr-");
    int told =
        jdbc.sql(
                """
                INSERT INTO billing.budget_alert (account_id, number, id, occasion, kind, budget_id,
                  percent, amount, reached, currency, message, at)
                SELECT :account, 1 + coalesce(max(number), 0), :id, :occasion, :kind, :budget,
                       :percent, :amount, :reached, :currency, :message, :at
                FROM billing.budget_alert WHERE account_id = :account
                ON CONFLICT (account_id, occasion) DO NOTHING
                """)
            .param("account", accountId)
            .param("id", id)
            .param("occasion", occasion.occasion())
            .param("kind", occasion.kind())
            .param("budget", occasion.budgetId(), Types.VARCHAR)
            .param("percent", occasion.percent(), Types.INTEGER)
            .param("amount", occasion.amount())
            .param("reached", occasion.reached())
            .param("currency", currency)
            .param("message", occasion.message())
            .param("at", SqlTime.in(at))
            .update();
    if (told == 1) {
      jdbc.sql(
              """
              INSERT INTO billing.webhook_delivery (alert_id, account_id, state, next_at)
              SELECT :id, account_id, 'pending', :at FROM billing.spending
              WHERE account_id = :account AND webhook_url IS NOT NULL
              """)
          .param("id", id)
          .param("account", accountId)
          .param("at", SqlTime.in(at))
          .update();
      jdbc.sql("SELECT pg_notify('brume_facts', '')").query((row, index) -> "").list();
    }
  }
}
