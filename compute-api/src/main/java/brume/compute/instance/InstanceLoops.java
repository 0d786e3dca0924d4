package brume.compute.instance;

import brume.compute.ComputeApiSettings;
import brume.compute.loop.DatabaseSignals;
import brume.compute.loop.Loop;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The loops that move instances' rows after facts.
@Configuration(proxyBeanMethods = false)
class InstanceLoops {
  /// A burst of facts, such as two hundred launches, must not become as many looks at everything.
  private static final Duration LEAST = Duration.ofMillis(250);

  /// Longer than a scheduler takes from reading intents to committing a plan.
  private static final Duration TERMINATED_AFTER = Duration.ofSeconds(5);

  private static final int TERMINATED_ROUND_MAX = 500;

  @Bean
  Loop guestStopLoop(GuestStopCommands stop, DatabaseSignals signals, ComputeApiSettings settings) {
    return new Loop("guest-stop", LEAST, settings.loopPeriod(), signals, stop::round);
  }

  @Bean
  Loop spendingStopLoop(
      SpendingStopCommands stop, DatabaseSignals signals, ComputeApiSettings settings) {
    return new Loop("spending-stop", LEAST, settings.loopPeriod(), signals, stop::round);
  }

  @Bean
  Loop terminatedLoop(
      InstanceStore store, Clock clock, DatabaseSignals signals, ComputeApiSettings settings) {
    return new Loop(
        "terminated",
        settings.loopPeriod(),
        settings.loopPeriod(),
        signals,
        () -> store.markTerminated(clock.instant().minus(TERMINATED_AFTER), TERMINATED_ROUND_MAX));
  }
}
