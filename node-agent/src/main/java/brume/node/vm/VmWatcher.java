package brume.node.vm;

import brume.contract.sync.VmCounters;
import java.util.function.Supplier;

/// Told of VMs that come and go, for what shows figures of each. Calls for one VM come in order,
/// from its own thread.
public interface VmWatcher {
  VmWatcher NONE =
      new VmWatcher() {
        @Override
        public void running(String instanceId, Supplier<VmCounters> counters) {}

        @Override
        public void ready(String instanceId, long afterNanos) {}

        @Override
        public void ended(String instanceId) {}
      };

  void running(String instanceId, Supplier<VmCounters> counters);

  /// The guest's own system is up.
  void ready(String instanceId, long afterNanos);

  /// Also called for a VM that never ran.
  void ended(String instanceId);
}
