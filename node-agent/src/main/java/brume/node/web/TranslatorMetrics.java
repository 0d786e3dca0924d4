package brume.node.web;

import brume.hypervisor.translator.TranslatorStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What the translator of guest code does in this process, for all guests together. The hypervisor
/// counts; the names are given here.
public final class TranslatorMetrics implements MeterBinder {
  private final Supplier<TranslatorStatistics> statistics;

  public TranslatorMetrics(Supplier<TranslatorStatistics> statistics) {
    this.statistics = statistics;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    count(registry, "regions", "regions", TranslatorStatistics::regions);
    count(registry, "instructions.translated", "instructions", TranslatorStatistics::instructions);
    count(registry, "compile.seconds", "seconds", now -> now.compileNanos() / 1e9);
    count(registry, "regions.shared", "regions", TranslatorStatistics::shared);
    count(registry, "evictions", "regions", TranslatorStatistics::evictions);
    count(registry, "failures", "regions", TranslatorStatistics::failures);
    Gauge.builder("brume.translator.regions.kept", () -> statistics.get().kept())
        .baseUnit("regions")
        .register(registry);
    Gauge.builder("brume.translator.regions.waiting", () -> statistics.get().waiting())
        .baseUnit("regions")
        .register(registry);
  }

  private void count(
      MeterRegistry registry,
      String name,
      String unit,
      ToDoubleFunction<TranslatorStatistics> value) {
    FunctionCounter.builder(
            "brume.translator." + name, statistics, source -> value.applyAsDouble(source.get()))
        .baseUnit(unit)
        .register(registry);
  }
}
