package brume.billing.budget;

import brume.billing.SqlTime;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Keeps budgets.
public final class BudgetStore {
  /// Each is looked at every few seconds.
  public static final int BUDGETS_MAX = 20;

  private final JdbcClient jdbc;
  private final Clock clock;

  public BudgetStore(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  public List<Budget> of(String accountId) {
    return jdbc.sql(
            """
            SELECT id, amount, tag_key, tag_value, actual, forecast FROM billing.budget
            WHERE account_id = ? ORDER BY id
            """)
        .param(accountId)
        .query((row, index) ->
            new Budget(
                row.getString("id"),
                row.getBigDecimal("amount"),
                tag(row.getString("tag_key"), row.getString("tag_value")),
                percents(row, "actual"),
                percents(row, "forecast")))
        .list();
  }

  private static Budget.@Nullable Tag tag(@Nullable String key, @Nullable String value) {
    return key == null || value == null ? null : new Budget.Tag(key, value);
  }

  private static List<Integer> percents(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return List.of((Integer[]) array.getArray());
  }

  /// @return false where the account has as many as it may have already
  public boolean put(String accountId, Budget budget) {
    Budget.Tag tag = budget.tag();
    return jdbc.sql(
                """
                INSERT INTO billing.budget (account_id, id, amount, tag_key, tag_value, actual,
                  forecast, updated_at)
                SELECT :account, :id, :amount, :key, :value, :actual, :forecast, :at
                WHERE EXISTS (SELECT FROM billing.budget WHERE account_id = :account AND id = :id)
                   OR (SELECT count(*) FROM billing.budget WHERE account_id = :account) < :most
                ON CONFLICT (account_id, id) DO UPDATE SET amount = excluded.amount,
                  tag_key = excluded.tag_key, tag_value = excluded.tag_value,
                  actual = excluded.actual, forecast = excluded.forecast,
                  updated_at = excluded.updated_at
                """)
            .param("account", accountId)
            .param("id", budget.id())
            .param("amount", budget.amount())
            .param("key", tag == null ? null : tag.key(), Types.VARCHAR)
            .param("value", tag == null ? null : tag.value(), Types.VARCHAR)
            .param("actual", budget.actual().toArray(Integer[]::new))
            .param("forecast", budget.forecast().toArray(Integer[]::new))
            .param("at", SqlTime.in(clock.instant()))
            .param("most", BUDGETS_MAX)
            .update()
        == 1;
  }

  public boolean delete(String accountId, String id) {
    return jdbc.sql("DELETE FROM billing.budget WHERE account_id = ? AND id = ?")
            .params(accountId, id)
            .update()
        == 1;
  }
}
