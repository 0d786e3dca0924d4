package brume.compute.audit;

import brume.compute.loop.DatabaseSignals;
import brume.compute.loop.Loop;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Shortens the audit trail at its old end: an entry is kept for 90 days and goes soon after. The
/// database, which refuses to give up younger ones, also says how late it is.
@Configuration(proxyBeanMethods = false)
class AuditRetention {
  static final int DAYS_KEPT = 90;

  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int ROUND_MAX = 10_000;

  @Bean
  Loop auditRetentionLoop(JdbcClient database, DatabaseSignals signals) {
    return new Loop("audit-retention", PERIOD, PERIOD, signals, () -> shorten(database));
  }

  static int shorten(JdbcClient database) {
    return database
        .sql(
            """
            DELETE FROM compute.audit_entry WHERE id IN (
              SELECT id FROM compute.audit_entry
              WHERE at <= now() - make_interval(days => :days) ORDER BY at LIMIT :most)
            """)
        .param("days", DAYS_KEPT)
        .param("most", ROUND_MAX)
        .update();
  }
}
