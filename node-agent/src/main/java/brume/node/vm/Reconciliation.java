package brume.node.vm;

import brume.contract.Intent;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The pure heart of the node: the desired set and the VM table go in, the steps that bring them
/// together come out. It looks at levels, never at changes, so a round that is repeated, late or
/// skipped does no harm.
///
/// | held \ desired | RUN | STOP, HIBERNATE | TERMINATE | not named |
/// |---|---|---|---|---|
/// | nothing | launch | report absent | report absent | – |
/// | starting | adopt | shut down | cut | cut |
/// | running | adopt, reboot | shut down | cut | cut |
/// | stopping | wait for the end | adopt | cut | cut |
/// | ended | – | – | – | – |
///
/// Epochs fence: an older epoch than the held one, or an older generation of the same epoch, is
/// ignored; a newer epoch cuts the held VM, and is launched only when that one has ended.
final class Reconciliation {
  static final String NOT_WANTED_HERE = "the instance is no longer placed on this node";
  static final String PLACED_ANEW = "the instance was placed anew";
  static final String TERMINATED = "terminated";

  private Reconciliation() {}

  /// @param held at most one for an instance: the live one, or the one of the newest epoch that
  ///   ended
  static List<Step> steps(Collection<DesiredVm> desired, Map<String, HeldVm> held) {
    Map<String, DesiredVm> named = LinkedHashMap.newLinkedHashMap(desired.size());
    for (DesiredVm one : desired) {
      named.merge(one.instanceId(), one, (a, b) -> a.epoch() >= b.epoch() ? a : b);
    }
    List<Step> steps = new ArrayList<>();
    for (HeldVm vm : held.values()) {
      boolean alive = !vm.state().isEnd();
      if (alive && !vm.cut() && !named.containsKey(vm.instanceId())) {
        steps.add(new Step.Cut(vm.instanceId(), vm.generation(), NOT_WANTED_HERE));
      }
    }
    for (DesiredVm one : named.values()) {
      HeldVm vm = held.get(one.instanceId());
      if (vm == null || (vm.epoch() < one.epoch() && vm.state().isEnd())) {
        steps.add(one.intent() == Intent.RUN ? new Step.Launch(one) : new Step.ReportAbsent(one));
      } else if (vm.epoch() < one.epoch()) {
        if (!vm.cut()) {
          steps.add(new Step.Cut(vm.instanceId(), vm.generation(), PLACED_ANEW));
        }
      } else if (vm.epoch() == one.epoch() && one.generation() >= vm.generation()) {
        towards(one, vm, steps);
      }
    }
    return steps;
  }

  private static void towards(DesiredVm desired, HeldVm vm, List<Step> steps) {
    boolean newer = desired.generation() > vm.generation();
    boolean stopping = vm.state() == VmState.STOPPING;
    if (vm.state().isEnd()) {
      return;
    }
    switch (desired.intent()) {
      case RUN -> {
        // A VM that is stopping is not what RUN asks for, so it does not carry RUN's generation:
        // when
        // it has ended, the scheduler sees an older one and starts the instance anew.
        if (!stopping && desired.reboots() > vm.reboots()) {
          steps.add(new Step.Reboot(vm.instanceId(), desired.generation(), desired.reboots()));
        } else if (!stopping && newer) {
          steps.add(new Step.Adopt(vm.instanceId(), desired.generation()));
        }
      }
      case STOP, HIBERNATE -> {
        if (!stopping) {
          steps.add(new Step.ShutDown(vm.instanceId(), desired.generation()));
        } else if (newer) {
          steps.add(new Step.Adopt(vm.instanceId(), desired.generation()));
        }
      }
      case TERMINATE -> {
        if (!vm.cut()) {
          steps.add(new Step.Cut(vm.instanceId(), desired.generation(), TERMINATED));
        } else if (newer) {
          steps.add(new Step.Adopt(vm.instanceId(), desired.generation()));
        }
      }
    }
  }
}
