package brume.standalone;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// Lets a test wait for the end of a month without waiting: billing's clock, and no other
/// service's, goes so much before the machine's. A cloud has it when it is started with
/// [#OVERRIDES].
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "spring.application.name", havingValue = "billing")
public class BillingClock {
  static final Map<String, String> OVERRIDES =
      Map.of("spring.main.sources", BillingClock.class.getName());

  private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

  static void goAhead(Duration ahead) {
    AHEAD.set(ahead);
  }

  @Bean
  @Primary
  Clock clockOfTest() {
    return new Ahead(ZoneOffset.UTC);
  }

  private static final class Ahead extends Clock {
    private final ZoneId zone;

    private Ahead(ZoneId zone) {
      this.zone = zone;
    }

    @Override
    public ZoneId getZone() {
      return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
      return new Ahead(other);
    }

    @Override
    public Instant instant() {
      return Clock.systemUTC().instant().plus(AHEAD.get());
    }
  }
}
