package brume.scheduler.sync;

import brume.contract.EndCause;
import brume.contract.VmState;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.VmCounters;
import brume.contract.sync.VmEvent;
import brume.contract.sync.VmReport;
import brume.scheduler.fleet.Facts;
import brume.scheduler.fleet.HeldAllocation;
import brume.scheduler.fleet.NodeRecord;
import brume.scheduler.fleet.Texts;
import brume.scheduler.fleet.Transition;
import brume.scheduler.fleet.VmChange;
import brume.scheduler.web.Problem;
import brume.scheduler.web.ProblemException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a report changes, worked out without touching anything: the node's row, what it holds and
/// the report go in, facts come out. The rules:
///
/// - An event counts once: its sequence goes on where the last durable one of this boot ended. One
///   that was seen is passed over, a gap is refused.
/// - Only what is held by this node can change: events and VMs of other instances, and of epochs
///   that were released, are passed over.
/// - An end is an end. A state that is already there is no transition.
/// - A VM that had been reported and is in the report no more is gone. When the agent restarted it
///   ended with the earlier boot, when that was last heard.
/// - A transition counts at the time that the node's monotonic clock gives it, within what the
///   control plane knows: not before the instance's last one, not after the report came.
final class ReportFold {
  private final NodeRecord node;
  private final SyncRequest report;
  private final Instant now;
  private final boolean sameBoot;
  private final Map<HeldAllocation.Key, HeldAllocation> held = new LinkedHashMap<>();
  private final Map<HeldAllocation.Key, VmChange> changes = new HashMap<>();
  private final List<Transition> transitions = new ArrayList<>();
  private long acknowledged;

  /// What comes out.
  ///
  /// @param seen VMs that live on, whose counters and generation may be newer
  record Folded(long acknowledged, Facts facts, List<VmReport> seen) {}

  private ReportFold(
      NodeRecord node, List<HeldAllocation> allocations, SyncRequest report, Instant now) {
    this.node = node;
    this.report = report;
    this.now = now;
    this.sameBoot = report.bootId().equals(node.bootId());
    this.acknowledged = sameBoot ? node.eventSequence() : 0;
    for (HeldAllocation allocation : allocations) {
      held.put(allocation.key(), allocation);
    }
  }

  static Folded of(
      NodeRecord node, List<HeldAllocation> allocations, SyncRequest report, Instant now) {
    ReportFold fold = new ReportFold(node, allocations, report, now);
    fold.refuseStale();
    report.events().forEach(fold::event);
    fold.missing();
    Facts facts = new Facts(List.copyOf(fold.changes.values()), fold.transitions, List.of());
    return new Folded(fold.acknowledged, facts, fold.seen());
  }

  /// A report that was overtaken by a newer one would make what started since seem gone.
  private void refuseStale() {
    Long last = node.reportMonotonic();
    if (sameBoot && last != null && report.monotonicNanos() <= last) {
      throw new ProblemException(Problem.staleReport());
    }
  }

  private void event(VmEvent event) {
    if (event.sequence() <= acknowledged) {
      return;
    }
    if (event.sequence() != acknowledged + 1) {
      throw new ProblemException(Problem.eventGap(acknowledged + 1, event.sequence()));
    }
    acknowledged = event.sequence();
    HeldAllocation allocation = held.get(new HeldAllocation.Key(event.instanceId(), event.epoch()));
    if (allocation == null) {
      return;
    }
    VmState before = state(allocation);
    if (before == event.state() || (before != null && before.isEnd())) {
      return;
    }
    Instant happened =
        now.minusNanos(report.monotonicNanos() - event.monotonicNanos())
            .truncatedTo(ChronoUnit.MICROS);
    String reason = event.reason() == null ? null : Texts.clean(event.reason());
    change(
        allocation,
        event.state(),
        event.generation(),
        happened,
        event.cause(),
        reason,
        console(event),
        event.state().isEnd() ? event.counters() : null,
        new Transition.Evidence(report.bootId(), event.monotonicNanos(), event.sequence()));
  }

  private void missing() {
    if (report.events().size() == SyncRequest.EVENTS_MAX) {
      return; // the event that says how it ended may be among those that found no room
    }
    Set<HeldAllocation.Key> listed = new HashSet<>();
    report.vms().forEach(vm -> listed.add(new HeldAllocation.Key(vm.instanceId(), vm.epoch())));
    for (HeldAllocation allocation : held.values()) {
      HeldAllocation.Vm vm = allocation.vm();
      VmState state = state(allocation);
      if (vm == null || listed.contains(allocation.key()) || (state != null && state.isEnd())) {
        continue;
      }
      Instant lastHeard = node.lastHeartbeatAt() == null ? now : node.lastHeartbeatAt();
      change(
          allocation,
          VmState.FAILED,
          vm.generation(),
          lastHeard,
          EndCause.NODE_RESTARTED,
          sameBoot ? "its node no longer has it" : "the agent of its node restarted",
          null,
          null,
          null);
    }
  }

  private void change(
      HeldAllocation allocation,
      VmState state,
      long generation,
      Instant happened,
      @Nullable EndCause cause,
      @Nullable String reason,
      byte @Nullable [] console,
      @Nullable VmCounters counters,
      Transition.@Nullable Evidence evidence) {
    VmChange earlier = changes.get(allocation.key());
    Instant notBefore = earlier == null ? allocation.notBefore() : earlier.at();
    Instant notAfter = notBefore.isAfter(now) ? notBefore : now;
    Instant at = happened.isBefore(notBefore) ? notBefore : happened;
    at = at.isAfter(notAfter) ? notAfter : at;
    long known = believed(allocation, generation);
    Instant runningSince = earlier == null ? runningSince(allocation) : earlier.runningSince();
    if (runningSince == null && state == VmState.RUNNING) {
      runningSince = at;
    }
    changes.put(
        allocation.key(),
        new VmChange(allocation, state, known, at, cause, reason, runningSince, console, counters));
    transitions.add(new Transition(allocation, known, state, cause, reason, at, evidence));
  }

  private static @Nullable Instant runningSince(HeldAllocation allocation) {
    return allocation.vm() == null ? null : allocation.vm().runningSince();
  }

  /// No node can have acted on a generation that its user has not reached.
  private static long believed(HeldAllocation allocation, long generation) {
    return allocation.intent() == null
        ? generation
        : Math.min(generation, Math.max(allocation.intentGeneration(), allocation.generation()));
  }

  private @Nullable VmState state(HeldAllocation allocation) {
    VmChange change = changes.get(allocation.key());
    if (change != null) {
      return change.state();
    }
    return allocation.vm() == null ? null : allocation.vm().state();
  }

  private List<VmReport> seen() {
    List<VmReport> seen = new ArrayList<>();
    for (VmReport vm : report.vms()) {
      HeldAllocation allocation = held.get(new HeldAllocation.Key(vm.instanceId(), vm.epoch()));
      VmState state = allocation == null ? null : state(allocation);
      if (allocation != null && state != null && !state.isEnd()) {
        long known = believed(allocation, vm.generation());
        seen.add(
            new VmReport(
                vm.instanceId(), vm.epoch(), known, vm.reboots(), vm.state(), vm.counters()));
      }
    }
    return seen;
  }

  /// The newest output is what a reader wants of a console that is too long.
  private static byte @Nullable [] console(VmEvent event) {
    if (event.consoleBase64() == null || !event.state().isEnd()) {
      return null;
    }
    byte[] console = Base64.getDecoder().decode(event.consoleBase64());
    int surplus = Math.max(0, console.length - VmEvent.CONSOLE_BYTES_MAX);
    return surplus == 0 ? console : Arrays.copyOfRange(console, surplus, console.length);
  }
}
