package brume.node.web;

import brume.contract.sync.VmCounters;
import brume.node.vm.VmWatcher;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The figures of each VM, tagged with its instance, as long as it is here; and how long guests
/// took to be ready, over all of them.
public final class VmMetrics implements VmWatcher {
  private static final List<Count> COUNTS =
      List.of(
          new Count("brume.vm.instructions", "instructions", VmCounters::instructions),
          new Count("brume.vm.cpu", "seconds", counters -> counters.cpuNanos() / 1e9),
          new Count("brume.vm.disk.read", "bytes", VmCounters::diskReadBytes),
          new Count("brume.vm.disk.written", "bytes", VmCounters::diskWrittenBytes),
          new Count("brume.vm.network.received", "bytes", VmCounters::networkReceivedBytes),
          new Count("brume.vm.network.sent", "bytes", VmCounters::networkSentBytes),
          new Count("brume.vm.resets", "resets", VmCounters::guestResets));

  private final MeterRegistry registry;
  private final Timer ready;
  private final Map<String, List<Meter>> byInstance = new ConcurrentHashMap<>();

  /// What only grows.
  private record Count(String meter, String unit, ToDoubleFunction<VmCounters> value) {}

  public VmMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.ready =
        Timer.builder("brume.vm.ready")
            .description("From a guest's first instruction until its system is up")
            .register(registry);
  }

  @Override
  public void running(String instanceId, Supplier<VmCounters> counters) {
    List<Meter> meters = new ArrayList<>();
    for (Count count : COUNTS) {
      meters.add(
          FunctionCounter.builder(
                  count.meter(), counters, source -> count.value().applyAsDouble(source.get()))
              .baseUnit(count.unit())
              .tag("instance", instanceId)
              .register(registry));
    }
    meters.add(
        Gauge.builder(
                "brume.vm.memory.touched", counters, source -> source.get().memoryTouchedBytes())
            .baseUnit("bytes")
            .tag("instance", instanceId)
            .strongReference(true)
            .register(registry));
    byInstance.put(instanceId, meters);
  }

  @Override
  public void ready(String instanceId, long afterNanos) {
    ready.record(afterNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void ended(String instanceId) {
    List<Meter> meters = byInstance.remove(instanceId);
    if (meters != null) {
      meters.forEach(registry::remove);
    }
  }
}
