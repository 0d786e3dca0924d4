package brume.scheduler.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What really happened on the nodes, whatever anybody was told.
final class GroundTruth {
  /// One incarnation of an instance.
  static final class Vm {
    final String instanceId;
    final long epoch;
    final String nodeId;
    Instant runningAt;
    Instant endedAt;

    Vm(String instanceId, long epoch, String nodeId) {
      this.instanceId = instanceId;
      this.epoch = epoch;
      this.nodeId = nodeId;
    }

    @Override
    public String toString() {
      return instanceId + "/" + epoch + " on " + nodeId;
    }
  }

  final Map<String, Vm> live = new HashMap<>();
  final List<Vm> all = new ArrayList<>();

  /// The promise that fencing is for: two nodes never have the same instance at one time.
  Vm start(String instanceId, long epoch, String nodeId) {
    Vm other = live.get(instanceId);
    if (other != null) {
      throw new AssertionError(
          "%s starts as %d on %s while %s lives".formatted(instanceId, epoch, nodeId, other));
    }
    Vm vm = new Vm(instanceId, epoch, nodeId);
    if (all.stream().anyMatch(v -> v.instanceId.equals(instanceId) && v.epoch >= epoch)) {
      throw new AssertionError(vm + " is started a second time, or after a newer one");
    }
    live.put(instanceId, vm);
    all.add(vm);
    return vm;
  }

  void end(Vm vm, Instant at) {
    vm.endedAt = at;
    live.remove(vm.instanceId, vm);
  }
}
