package brume.compute;

import brume.contract.IdGenerator;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The one place where the outside comes in: the clock, randomness, ids, and HTTP to other
/// services.
@Configuration(proxyBeanMethods = false)
class ComputeApiConfiguration {
  /// In whole milliseconds, so that a time reads the same before and after the database kept it.
  @Bean
  Clock clock() {
    return Clock.tickMillis(ZoneOffset.UTC);
  }

  @Bean
  SecureRandom random() {
    return new SecureRandom();
  }

  @Bean
  IdGenerator idGenerator(Clock clock, RandomGenerator random) {
    return new IdGenerator(clock, random);
  }

  @Bean(destroyMethod = "shutdownNow")
  HttpClient httpClient(ComputeApiSettings settings) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(settings.node().connectTimeout())
        .build();
  }
}
