package brume.node.web;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.translator.TranslatorStatistics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranslatorMetricsTest {
  private final AtomicReference<TranslatorStatistics> now =
      new AtomicReference<>(new TranslatorStatistics(3, 40, 1_500_000_000L, 5, 6, 9, 7, 8));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  TranslatorMetricsTest() {
    new TranslatorMetrics(now::get).bindTo(registry);
  }

  @ParameterizedTest
  @CsvSource({
    "brume.translator.regions,                 regions,      3",
    "brume.translator.instructions.translated, instructions, 40",
    "brume.translator.compile.seconds,         seconds,      1.5",
    "brume.translator.regions.shared,          regions,      5",
    "brume.translator.evictions,               regions,      6",
    "brume.translator.failures,                regions,      9",
  })
  void countsGrow(String name, String unit, double value) {
    assertThat(registry.get(name).functionCounter().count()).isEqualTo(value);
    assertThat(registry.get(name).meter().getId().getBaseUnit()).isEqualTo(unit);
    now.set(new TranslatorStatistics(6, 80, 3_000_000_000L, 10, 12, 18, 7, 8));
    assertThat(registry.get(name).functionCounter().count()).isEqualTo(2 * value);
  }

  @Test
  void whatIsThereNowIsAGauge() {
    assertThat(registry.get("brume.translator.regions.kept").gauge().value()).isEqualTo(7);
    assertThat(registry.get("brume.translator.regions.waiting").gauge().value()).isEqualTo(8);
  }
}
