package brume.scheduler;

import brume.contract.EndCause;
import brume.contract.Resources;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import brume.contract.sync.NodeCredential;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.SyncResponse;
import brume.contract.sync.VmCounters;
import brume.contract.sync.VmEvent;
import brume.contract.sync.VmReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A node that says what a test tells it to say, with an agent's book-keeping: boots, event
/// numbers, a monotonic clock that follows the test's.
public final class ScriptedNode {
  private final TestFleet fleet;
  public final String id;
  public final String secret;
  public Resources capacity;
  public String bootId = "boot-1";
  public long sequence;
  public List<VmEvent> events = new ArrayList<>();
  public Map<String, VmReport> vms = new LinkedHashMap<>();
  public List<DesiredVm> desired = List.of();
  public String version;
  private final Map<String, VmCounters> last = new LinkedHashMap<>();
  private long tick;

  public ScriptedNode(TestFleet fleet, NodeCredential credential, int vcpu, int memoryMib) {
    this.fleet = fleet;
    this.id = credential.nodeId();
    this.secret = credential.secret();
    this.capacity = new Resources(vcpu, memoryMib);
  }

  public static ScriptedNode joined(
      TestFleet fleet, String name, String zone, int vcpu, int memoryMib) {
    ScriptedNode node =
        new ScriptedNode(fleet, fleet.join(name, zone, vcpu, memoryMib), vcpu, memoryMib);
    node.sync();
    return node;
  }

  /// Nanoseconds; never the same twice.
  public long monotonic() {
    Duration since = Duration.between(java.time.Instant.EPOCH, fleet.clock.instant());
    return since.toNanos() + tick++;
  }

  public DesiredVm desired(String instanceId) {
    return desired.stream()
        .filter(vm -> vm.instanceId().equals(instanceId))
        .findFirst()
        .orElseThrow(() -> new AssertionError(instanceId + " is not among " + desired));
  }

  /// What the end of this VM will say it has used.
  public void hasUsed(String instanceId, VmCounters counters) {
    last.put(instanceId, counters);
  }

  public void happens(String instanceId, VmState state) {
    happens(instanceId, state, null, null);
  }

  public void happens(String instanceId, VmState state, EndCause cause, String reason) {
    DesiredVm vm = desired(instanceId);
    happens(instanceId, vm.epoch(), vm.generation(), state, cause, reason);
  }

  public void happens(
      String instanceId, long epoch, long generation, VmState state, EndCause cause, String why) {
    events.add(
        new VmEvent(
            ++sequence,
            instanceId,
            epoch,
            generation,
            state,
            monotonic(),
            cause,
            why,
            null,
            state.isEnd() ? last.remove(instanceId) : null));
    if (state.isEnd()) {
      vms.remove(instanceId);
    } else {
      vms.put(instanceId, new VmReport(instanceId, epoch, generation, 0, state, VmCounters.ZERO));
    }
  }

  /// The agent starts anew; nothing of before is left.
  public void reboot(String newBootId) {
    bootId = newBootId;
    sequence = 0;
    events.clear();
    vms.clear();
    version = null;
  }

  public SyncRequest report() {
    return new SyncRequest(
        bootId,
        monotonic(),
        capacity,
        "http://127.0.0.1:9100",
        "console-token",
        List.copyOf(vms.values()),
        List.copyOf(events),
        version,
        0);
  }

  public SyncResponse sync() {
    return sync(report());
  }

  public SyncResponse sync(SyncRequest report) {
    try {
      SyncResponse response = fleet.sync.sync(id, report);
      events.removeIf(event -> event.sequence() <= response.acknowledgedSequence());
      version = response.version();
      if (response.desired() != null) {
        desired = response.desired();
      }
      return response;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
