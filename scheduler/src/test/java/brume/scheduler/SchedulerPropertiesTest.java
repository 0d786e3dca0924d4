package brume.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SchedulerPropertiesTest {
  private static SchedulerProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("brume.scheduler", SchedulerProperties.class);
  }

  @Test
  void nothingNeedsToBeSet() {
    SchedulerProperties standard = bind(Map.of());
    assertThat(standard.lease()).hasSeconds(15);
    assertThat(standard.leaseMargin()).hasSeconds(5);
    assertThat(standard.joinTokens()).isEmpty();
    assertThat(bind(Map.of("brume.scheduler.join-tokens", "")).joinTokens()).isEmpty();
    assertThat(bind(Map.of("brume.scheduler.join-tokens", "a-token,b-token")).joinTokens())
        .containsExactly("a-token", "b-token");
  }

  @Test
  void aLimitIsNamed() {
    assertThatThrownBy(() -> bind(Map.of("brume.scheduler.lease-millis", "5")))
        .isInstanceOf(BindException.class)
        .rootCause()
        .hasMessage("brume.scheduler.lease-millis must be 100 to 600000, not 5");
  }
}
