package brume.compute.access;

import brume.compute.loop.DatabaseSignals;
import brume.compute.loop.Loop;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Notes when a credential was used last. Requests only note it in memory; a loop writes what
/// changed, so that a busy token costs one row in some seconds. What the last seconds before a
/// crash noted is lost.
@Component
public class CredentialUse {
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final int NOTED_MAX = 100_000;

  private final ConcurrentHashMap<String, Instant> noted = new ConcurrentHashMap<>();
  private final JdbcClient database;
  private final Clock clock;

  CredentialUse(JdbcClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// The loop that writes.
  @Configuration(proxyBeanMethods = false)
  static class Writing {
    @Bean
    Loop credentialUseLoop(CredentialUse use, DatabaseSignals signals) {
      return new Loop("credential-use", PERIOD, PERIOD, signals, use::write);
    }
  }

  void note(String credentialId) {
    if (noted.size() < NOTED_MAX) {
      noted.put(credentialId, clock.instant());
    }
  }

  void write() {
    Map<String, Instant> taken = new HashMap<>(noted);
    if (taken.isEmpty()) {
      return;
    }
    String[] ids = taken.keySet().stream().sorted().toArray(String[]::new);
    Timestamp[] times = new Timestamp[ids.length];
    for (int i = 0; i < ids.length; i++) {
      times[i] = Timestamp.from(taken.get(ids[i]));
    }
    database
        .sql(
            """
            INSERT INTO compute.credential_use (credential_id, last_used_at)
            SELECT * FROM unnest(:ids, :times::timestamptz[])
            ON CONFLICT (credential_id) DO UPDATE
              SET last_used_at = greatest(credential_use.last_used_at, excluded.last_used_at)
            """)
        .param("ids", ids)
        .param("times", times)
        .update();
    taken.forEach(noted::remove); // unless it was used again meanwhile
  }
}
