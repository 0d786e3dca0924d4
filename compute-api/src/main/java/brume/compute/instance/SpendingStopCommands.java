package brume.compute.instance;

import brume.contract.Intent;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Stops what runs in accounts that want their instances stopped when their limit is reached or
/// their wallet is empty. Several may run at once: whichever comes second finds another generation.
@Component
public class SpendingStopCommands {
  private static final Logger LOG = LoggerFactory.getLogger(SpendingStopCommands.class);
  private static final int ROUND_MAX = 200;
  private static final InstanceStore.ChangedBy BILLING =
      new InstanceStore.ChangedBy("billing", "billing");

  private final InstanceStore store;
  private final JdbcClient database;
  private final Clock clock;

  SpendingStopCommands(InstanceStore store, JdbcClient database, Clock clock) {
    this.store = store;
    this.database = database;
    this.clock = clock;
  }

  private record Running(String id, long generation, String detail) {}

  @Transactional
  public void round() {
    List<Running> running =
        database
            .sql(
                """
                SELECT i.id, i.generation, s.detail FROM billing.spending_stop s
                JOIN compute.instance i ON i.account_id = s.account_id
                WHERE s.stops_instances AND i.intent = 'RUN' ORDER BY i.id LIMIT ?
                """)
            .param(ROUND_MAX)
            .query((row, number) ->
                new Running(
                    row.getString("id"), row.getLong("generation"), row.getString("detail")))
            .list();
    for (Running each : running) {
      boolean changed =
          store.change(
              each.id(),
              each.generation(),
              Intent.STOP,
              IntentCause.SPENDING,
              each.detail(),
              BILLING,
              clock.instant());
      if (changed) {
        LOG.info("{} is stopped: its account may spend no more", each.id());
      }
    }
  }
}
