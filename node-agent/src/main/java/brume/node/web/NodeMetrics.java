package brume.node.web;

import brume.contract.VmState;
import brume.node.sync.Lease;
import brume.node.vm.VmTable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/// The figures of the node as a whole.
public final class NodeMetrics implements MeterBinder {
  private final VmTable table;
  private final Lease lease;

  public NodeMetrics(VmTable table, Lease lease) {
    this.table = table;
    this.lease = lease;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (VmState state : VmState.values()) {
      if (!state.isEnd()) {
        Gauge.builder("brume.node.vms", table, it -> it.count().getOrDefault(state, 0))
            .tag("state", state.name())
            .register(registry);
      }
    }
    Gauge.builder("brume.node.events.pending", table, VmTable::eventsPending).register(registry);
    Gauge.builder("brume.node.lease.left", lease, it -> it.leftNanos().orElse(0) / 1e9)
        .baseUnit("seconds")
        .register(registry);
  }
}
