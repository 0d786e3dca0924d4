package brume.scheduler.sim;

import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.Resources;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.SyncResponse;
import brume.contract.sync.VmCounters;
import brume.contract.sync.VmEvent;
import brume.contract.sync.VmReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// A node as an agent should be: it keeps its lease, numbers its events until they are
/// acknowledged, destroys what is not desired, and ends its VMs when its lease is over. A model,
/// not the agent.
final class SimNode {
  private final Random random;
  private final GroundTruth truth;
  final String id;
  final Resources capacity;
  private final long clockOffset;
  private final Map<String, Local> vms = new HashMap<>();
  private final List<VmEvent> events = new ArrayList<>();
  private final Set<String> refusedKeys = new HashSet<>();
  private List<DesiredVm> desired = List.of();
  private String version;
  private String bootId;
  private int boots;
  private long sequence;
  private long lastMonotonic;
  Instant downUntil = Instant.MIN;
  Instant cutOffUntil = Instant.MIN;
  Instant leaseUntil = Instant.MIN;
  Instant nextSyncAt = Instant.MIN;
  Instant outstandingSentAt;

  /// A VM and what happens to it next.
  private static final class Local {
    final GroundTruth.Vm vm;
    final int memoryMib;
    final int vcpu;
    long generation;
    VmState state = VmState.STARTING;
    Instant nextAt;
    VmState next = VmState.RUNNING;
    EndCause cause;

    Local(GroundTruth.Vm vm, DesiredVm wanted) {
      this.vm = vm;
      this.memoryMib = wanted.memoryMib();
      this.vcpu = wanted.vcpu();
      this.generation = wanted.generation();
    }
  }

  SimNode(String id, Resources capacity, GroundTruth truth, long seed) {
    this.id = id;
    this.capacity = capacity;
    this.truth = truth;
    this.random = new Random(seed);
    this.clockOffset = random.nextLong(1L << 50) - (1L << 49);
    boot();
  }

  private void boot() {
    bootId = "boot-" + ++boots;
    sequence = 0;
    events.clear();
    refusedKeys.clear();
    desired = List.of();
    version = null;
    outstandingSentAt = null;
  }

  boolean isUp(Instant now) {
    return !now.isBefore(downUntil);
  }

  boolean isHeard(Instant now) {
    return isUp(now) && !now.isBefore(cutOffUntil);
  }

  int running() {
    return (int) vms.values().stream().filter(vm -> vm.state == VmState.RUNNING).count();
  }

  /// The machine dies with all that is on it.
  void crash(Instant now, Duration down) {
    vms.values().forEach(local -> truth.end(local.vm, now));
    vms.clear();
    downUntil = now.plus(down);
    leaseUntil = Instant.MIN;
    boot();
  }

  void step(Instant now, boolean chaos) {
    if (!isUp(now)) {
      return;
    }
    if (!now.isBefore(leaseUntil)) {
      for (Local local : List.copyOf(vms.values())) {
        end(local, VmState.FAILED, EndCause.NODE_LOST, now);
      }
      desired = List.of(); // what was desired under the old lease is not to be started on its own
      version = null;
    }
    reconcile(now, chaos);
    for (Local local : List.copyOf(vms.values())) {
      if (local.nextAt != null && !now.isBefore(local.nextAt)) {
        advance(local, now);
      } else if (chaos && local.state == VmState.RUNNING && random.nextInt(400) == 0) {
        end(local, VmState.GONE, EndCause.GUEST_POWEROFF, now);
      }
    }
  }

  private void reconcile(Instant now, boolean chaos) {
    Map<String, DesiredVm> wanted = new HashMap<>();
    desired.forEach(vm -> wanted.put(vm.instanceId(), vm));
    for (Local local : List.copyOf(vms.values())) {
      DesiredVm want = wanted.get(local.vm.instanceId);
      if (want == null || want.epoch() != local.vm.epoch) {
        end(local, VmState.GONE, EndCause.REQUESTED, now);
      } else {
        local.generation = Math.max(local.generation, want.generation());
        if (want.intent() != Intent.RUN && local.state != VmState.STOPPING) {
          move(local, VmState.STOPPING, now);
          local.next = VmState.GONE;
          local.cause = EndCause.REQUESTED;
          local.nextAt = now.plusMillis(random.nextInt(2_000));
        }
      }
    }
    for (DesiredVm want : desired) {
      String key = want.instanceId() + "/" + want.epoch();
      if (!vms.containsKey(want.instanceId()) && refusedKeys.add(key)) {
        start(want, now, chaos);
      }
    }
  }

  private void start(DesiredVm want, Instant now, boolean chaos) {
    if (want.intent() != Intent.RUN) {
      add(
          want.instanceId(),
          want.epoch(),
          want.generation(),
          VmState.GONE,
          EndCause.REQUESTED,
          now);
      return;
    }
    int memory = vms.values().stream().mapToInt(local -> local.memoryMib).sum();
    int vcpu = vms.values().stream().mapToInt(local -> local.vcpu).sum();
    if (memory + want.memoryMib() > capacity.memoryMib() || vcpu + want.vcpu() > capacity.vcpu()) {
      throw new AssertionError(id + " was given more than it has");
    }
    if (chaos && random.nextInt(20) == 0) {
      EndCause cause = random.nextBoolean() ? EndCause.NODE_REFUSED : EndCause.IMAGE_UNAVAILABLE;
      add(want.instanceId(), want.epoch(), want.generation(), VmState.FAILED, cause, now);
      return;
    }
    Local local = new Local(truth.start(want.instanceId(), want.epoch(), id), want);
    local.nextAt = now.plusMillis(500 + random.nextInt(2_000));
    vms.put(want.instanceId(), local);
    add(local, VmState.STARTING, null, now);
  }

  private void advance(Local local, Instant now) {
    local.nextAt = null;
    if (local.next == VmState.RUNNING) {
      local.vm.runningAt = now;
      move(local, VmState.RUNNING, now);
    } else {
      end(local, local.next, local.cause, now);
    }
  }

  private void move(Local local, VmState state, Instant now) {
    local.state = state;
    add(local, state, null, now);
  }

  private void end(Local local, VmState state, EndCause cause, Instant now) {
    vms.remove(local.vm.instanceId);
    truth.end(local.vm, now);
    add(local, state, cause, now);
  }

  private void add(Local local, VmState state, EndCause cause, Instant now) {
    add(local.vm.instanceId, local.vm.epoch, local.generation, state, cause, now);
  }

  private void add(
      String instance, long epoch, long generation, VmState state, EndCause cause, Instant now) {
    events.add(
        new VmEvent(
            ++sequence,
            instance,
            epoch,
            generation,
            state,
            monotonic(now),
            cause,
            null,
            null,
            null));
  }

  /// Nanoseconds of a clock that began anywhere, and never the same twice.
  private long monotonic(Instant now) {
    long nanos = Duration.between(Instant.EPOCH, now).toNanos() + clockOffset;
    lastMonotonic = Math.max(lastMonotonic + 1, nanos);
    return lastMonotonic;
  }

  SyncRequest report(Instant now) {
    List<VmReport> reports =
        vms.values().stream()
            .map(local ->
                new VmReport(
                    local.vm.instanceId,
                    local.vm.epoch,
                    local.generation,
                    0,
                    local.state,
                    VmCounters.ZERO))
            .toList();
    return new SyncRequest(
        bootId,
        monotonic(now),
        capacity,
        "http://127.0.0.1:9100",
        "",
        reports,
        List.copyOf(events),
        version,
        0);
  }

  void answered(SyncResponse response, String ofBoot, Instant sentAt) {
    if (!ofBoot.equals(bootId) || !sentAt.equals(outstandingSentAt)) {
      return; // of a boot that is over, or of a request that was given up
    }
    outstandingSentAt = null;
    Instant lease = sentAt.plusMillis(response.leaseMillis());
    leaseUntil = lease.isAfter(leaseUntil) ? lease : leaseUntil;
    events.removeIf(event -> event.sequence() <= response.acknowledgedSequence());
    version = response.version();
    if (response.desired() != null) {
      desired = response.desired();
    }
  }
}
