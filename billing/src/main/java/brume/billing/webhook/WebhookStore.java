package brume.billing.webhook;

import brume.billing.SqlTime;
import brume.billing.budget.Alert;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Keeps where alerts go, which are on their way, and each try.
public final class WebhookStore {
  private static final int ALERTS_MAX = 100;
  private static final int OUTCOME_LENGTH_MAX = 200;

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final SecretSeal seal;

  public WebhookStore(JdbcClient jdbc, TransactionOperations transaction, SecretSeal seal) {
    this.seal = seal;
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /// Where to, and with what secret it is signed.
  record Webhook(String url, String secret) {}

  /// An alert that is to be sent now.
  ///
  /// @param tries before this one
  record Due(Alert alert, int tries, Webhook to) {}

  /// A try to deliver.
  public record Try(Instant at, String outcome) {}

  /// How an alert fared.
  ///
  /// @param state `none` where there was no webhook, `pending`, `delivered` or `given-up`
  public record Told(Alert alert, String state, List<Try> tries) {}

  public Optional<String> url(String accountId) {
    return jdbc.sql(
            "SELECT webhook_url FROM billing.spending"
                + " WHERE account_id = ? AND webhook_url IS NOT NULL")
        .param(accountId)
        .query((row, index) -> row.getString("webhook_url"))
        .optional();
  }

  public void put(String accountId, String url, String secret) {
    jdbc.sql(
            """
            INSERT INTO billing.spending (account_id, webhook_url, webhook_secret) VALUES (?, ?, ?)
            ON CONFLICT (account_id) DO UPDATE
            SET webhook_url = excluded.webhook_url, webhook_secret = excluded.webhook_secret
            """)
        .params(accountId, url, seal.seal(accountId, secret))
        .update();
  }

  public boolean canSeal() {
    return seal.canSeal();
  }

  /// Secrets that were kept as they are before there were seals.
  public void sealOld() {
    jdbc.sql(
            """
            SELECT account_id, webhook_secret FROM billing.spending
            WHERE webhook_secret NOT LIKE 'sealed:%'
            """)
        .query((row, index) -> Map.entry(row.getString(1), row.getString(2)))
        .list()
        .forEach(plain ->
            jdbc.sql(
                    """
                    UPDATE billing.spending SET webhook_secret = ?
                    WHERE account_id = ? AND webhook_secret = ?
                    """)
                .params(
                    seal.seal(plain.getKey(), plain.getValue()), plain.getKey(), plain.getValue())
                .update());
  }

  private Webhook webhook(ResultSet row) throws SQLException {
    return new Webhook(
        row.getString("webhook_url"),
        seal.open(row.getString("account_id"), row.getString("webhook_secret")));
  }

  /// What is on its way to it is given up.
  public boolean delete(String accountId) {
    return Boolean.TRUE.equals(
        transaction.execute(status -> {
          jdbc.sql(
                  "UPDATE billing.webhook_delivery SET state = 'given-up'"
                      + " WHERE account_id = ? AND state = 'pending'")
              .param(accountId)
              .update();
          return jdbc.sql(
                      "UPDATE billing.spending SET webhook_url = NULL, webhook_secret = NULL"
                          + " WHERE account_id = ? AND webhook_url IS NOT NULL")
                  .param(accountId)
                  .update()
              == 1;
        }));
  }

  /// Takes what is due, so that nobody else sends it before `lease` is over. Who takes it and dies
  /// leaves it to be sent again: at least once.
  List<Due> take(Instant now, Duration lease, int most) {
    return jdbc.sql(
            """
            WITH due AS (
              SELECT d.alert_id FROM billing.webhook_delivery d
              WHERE d.state = 'pending' AND d.next_at <= :now
              ORDER BY d.next_at, d.alert_id LIMIT :most FOR UPDATE SKIP LOCKED
            ), taken AS (
              UPDATE billing.webhook_delivery d SET next_at = :until FROM due
              WHERE d.alert_id = due.alert_id RETURNING d.alert_id, d.tries
            )
            SELECT a.*, t.tries, s.webhook_url, s.webhook_secret
            FROM taken t JOIN billing.budget_alert a ON a.id = t.alert_id
            JOIN billing.spending s ON s.account_id = a.account_id
            WHERE s.webhook_url IS NOT NULL ORDER BY a.account_id, a.number
            """)
        .param("now", SqlTime.in(now))
        .param("until", SqlTime.in(now.plus(lease)))
        .param("most", most)
        .query((row, index) -> new Due(alert(row), row.getInt("tries"), webhook(row)))
        .list();
  }

  /// @param next when to try again; null where it was delivered or is given up
  void tried(Due due, Instant at, boolean delivered, String outcome, @Nullable Instant next) {
    transaction.executeWithoutResult(status -> {
      jdbc.sql(
              """
              UPDATE billing.webhook_delivery SET tries = tries + 1,
                state = CASE WHEN :delivered THEN 'delivered'
                             WHEN :again AND state = 'pending' THEN 'pending'
                             ELSE 'given-up' END,
                next_at = CASE WHEN :again THEN :next ELSE next_at END
              WHERE alert_id = :id
              """)
          .param("delivered", delivered)
          .param("again", next != null)
          .param("next", SqlTime.in(next == null ? at : next))
          .param("id", due.alert().id())
          .update();
      jdbc.sql(
              """
              INSERT INTO billing.webhook_try (alert_id, number, at, outcome)
              SELECT alert_id, tries, ?, ? FROM billing.webhook_delivery WHERE alert_id = ?
              """)
          .params(
              SqlTime.in(at),
              outcome.length() > OUTCOME_LENGTH_MAX
                  ? outcome.substring(0, OUTCOME_LENGTH_MAX)
                  : outcome,
              due.alert().id())
          .update();
    });
  }

  /// The newest first.
  public List<Told> alerts(String accountId) {
    record Row(Alert alert, String state) {}
    List<Row> rows =
        jdbc.sql(
                """
                SELECT a.*, coalesce(d.state, 'none') AS state
                FROM billing.budget_alert a LEFT JOIN billing.webhook_delivery d
                  ON d.alert_id = a.id
                WHERE a.account_id = ? ORDER BY a.number DESC LIMIT ?
                """)
            .params(accountId, ALERTS_MAX)
            .query((row, index) -> new Row(alert(row), row.getString("state")))
            .list();
    Map<String, List<Try>> tries = tries(rows.stream().map(row -> row.alert().id()).toList());
    return rows.stream()
        .map(row ->
            new Told(row.alert(), row.state(), tries.getOrDefault(row.alert().id(), List.of())))
        .toList();
  }

  private Map<String, List<Try>> tries(List<String> alerts) {
    record Row(String alertId, Try tried) {}
    return jdbc
        .sql("SELECT * FROM billing.webhook_try WHERE alert_id = ANY (?) ORDER BY alert_id, number")
        .param(alerts.toArray(String[]::new))
        .query((row, index) ->
            new Row(
                row.getString("alert_id"),
                new Try(SqlTime.out(row, "at"), row.getString("outcome"))))
        .list()
        .stream()
        .collect(
            Collectors.groupingBy(
                Row::alertId, Collectors.mapping(Row::tried, Collectors.toList())));
  }

  private static Alert alert(ResultSet row) throws SQLException {
    return new Alert(
        row.getString("id"),
        row.getString("account_id"),
        row.getLong("number"),
        row.getString("kind"),
        row.getString("budget_id"),
        row.getObject("percent", Integer.class),
        row.getBigDecimal("amount").toPlainString(),
        row.getBigDecimal("reached").toPlainString(),
        row.getString("currency"),
        row.getString("message"),
        SqlTime.out(row, "at"));
  }
}
