package brume.scheduler;

import brume.contract.Checks;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// `brume.scheduler.*`.
///
/// @param leaseMillis how long a node may run its VMs after it sent a report that was answered
/// @param leaseMarginMillis between the end of a lease and the declared loss
/// @param roundMillis how often to look for waiting instances and lapsed leases without a hint
/// @param lookMillis how often to look at the desired sets of waiting nodes without a hint
/// @param countersMillis how often the counters of a node's VMs are written at most
/// @param demandsMax instances that one round plans
/// @param waitingPollsMax nodes whose answers may be held at once
/// @param joinTokens that let nodes join, one each; known ones are left as they are
/// @param loops false: rounds run only when a test calls them
@ConfigurationProperties("brume.scheduler")
public record SchedulerProperties(
    @DefaultValue("15000") int leaseMillis,
    @DefaultValue("5000") int leaseMarginMillis,
    @DefaultValue("1000") int roundMillis,
    @DefaultValue("500") int lookMillis,
    @DefaultValue("5000") int countersMillis,
    @DefaultValue("1000") int demandsMax,
    @DefaultValue("2000") int waitingPollsMax,
    @DefaultValue List<String> joinTokens,
    @DefaultValue("true") boolean loops) {

  public SchedulerProperties {
    Checks.range("brume.scheduler.lease-millis", leaseMillis, 100, 600_000);
    Checks.range("brume.scheduler.lease-margin-millis", leaseMarginMillis, 0, 600_000);
    Checks.range("brume.scheduler.round-millis", roundMillis, 10, 1_000);
    Checks.range("brume.scheduler.look-millis", lookMillis, 10, 1_000);
    Checks.range("brume.scheduler.counters-millis", countersMillis, 0, 600_000);
    Checks.range("brume.scheduler.demands-max", demandsMax, 1, 10_000);
    Checks.range("brume.scheduler.waiting-polls-max", waitingPollsMax, 0, 100_000);
    joinTokens = List.copyOf(joinTokens);
  }

  Duration lease() {
    return Duration.ofMillis(leaseMillis);
  }

  Duration leaseMargin() {
    return Duration.ofMillis(leaseMarginMillis);
  }

  Duration round() {
    return Duration.ofMillis(roundMillis);
  }
}
