package brume.compute.launch;

import brume.compute.ComputeApiSettings;
import brume.compute.loop.DatabaseSignals;
import brume.compute.loop.Loop;
import brume.compute.network.SubnetAddresses;
import brume.compute.resource.Scope;
import brume.compute.volume.VolumeCommands;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Takes back interfaces and volumes of instances that ended, soon after their end. Whoever needs
/// one of them sooner does the same for its own account.
@Configuration(proxyBeanMethods = false)
class EndedHoldings {
  private static final Duration PERIOD = Duration.ofSeconds(5);

  @Bean
  Loop endedHoldingsLoop(
      JdbcClient database,
      SubnetAddresses addresses,
      VolumeCommands volumes,
      DatabaseSignals signals,
      ComputeApiSettings settings) {
    Duration least = PERIOD.compareTo(settings.loopPeriod()) > 0 ? PERIOD : settings.loopPeriod();
    return new Loop(
        "ended-holdings",
        least,
        least,
        signals,
        () ->
            scopes(database)
                .forEach(scope -> {
                  addresses.releaseEnded(scope);
                  volumes.releaseEnded(scope);
                }));
  }

  private static List<Scope> scopes(JdbcClient database) {
    return database
        .sql(
            """
            SELECT DISTINCT account_id, region FROM compute.instance i
            WHERE i.terminated_at > now() - interval '2 days' AND (
              EXISTS (SELECT FROM compute.network_interface n WHERE n.instance_id = i.id)
              OR EXISTS (SELECT FROM compute.volume v WHERE v.instance_id = i.id))
            LIMIT 100
            """)
        .query((row, number) -> new Scope(row.getString(1), row.getString(2)))
        .list();
  }
}
