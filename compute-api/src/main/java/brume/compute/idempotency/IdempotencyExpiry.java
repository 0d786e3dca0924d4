package brume.compute.idempotency;

import brume.compute.loop.DatabaseSignals;
import brume.compute.loop.Loop;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Forgets answers that are older than a day, so that the table stays as large as a day's requests.
@Configuration(proxyBeanMethods = false)
class IdempotencyExpiry {
  static final Duration KEPT = Duration.ofHours(24);

  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int ROUND_MAX = 10_000;

  @Bean
  Loop idempotencyExpiryLoop(JdbcClient database, Clock clock, DatabaseSignals signals) {
    return new Loop("idempotency-expiry", PERIOD, PERIOD, signals, () -> expire(database, clock));
  }

  static int expire(JdbcClient database, Clock clock) {
    return database
        .sql(
            """
            DELETE FROM compute.idempotent_request WHERE (account_id, key) IN (
              SELECT account_id, key FROM compute.idempotent_request
              WHERE created_at < ? ORDER BY created_at LIMIT ?)
            """)
        .params(Timestamp.from(clock.instant().minus(KEPT)), ROUND_MAX)
        .update();
  }
}
