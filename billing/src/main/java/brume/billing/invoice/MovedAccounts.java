package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.rating.Period;
import java.util.HashSet;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Accounts of whose month the logs said something since the audit: they wait for the next one.
final class MovedAccounts {
  private final JdbcClient jdbc;

  MovedAccounts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Set<String> since(Period period, UsageAudit.Through audited, LogHead log) {
    return new HashSet<>(
        jdbc.sql(
                """
                SELECT account_id FROM scheduling.instance_transition
                WHERE seq > :instancesFrom AND seq <= :instancesTo AND at < :end
                UNION SELECT account_id FROM compute.resource_fact
                WHERE seq > :resourcesFrom AND seq <= :resourcesTo AND at < :end
                """)
            .param("instancesFrom", audited.seq())
            .param("instancesTo", log.seq())
            .param("resourcesFrom", audited.resourcesSeq())
            .param("resourcesTo", log.resourcesSeq())
            .param("end", SqlTime.in(period.closedAsOf()))
            .query(String.class)
            .list());
  }
}
