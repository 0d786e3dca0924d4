package brume.compute.billing;

import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Whether an account may spend more, as billing publishes it: one row by its key at each launch
/// and start, some seconds old. Billing away stops nobody, and lets nobody go on who was stopped.
@Component
public class SpendingStops {
  private final JdbcClient database;

  SpendingStops(JdbcClient database) {
    this.database = database;
  }

  /// Refuses where what the account may spend is spent.
  public void require(String accountId) {
    database
        .sql("SELECT code, detail FROM billing.spending_stop WHERE account_id = ?")
        .param(accountId)
        .query((row, number) -> new Refusal.Spent(row.getString("code"), row.getString("detail")))
        .optional()
        .ifPresent(refusal -> {
          throw new Refused(refusal);
        });
  }
}
