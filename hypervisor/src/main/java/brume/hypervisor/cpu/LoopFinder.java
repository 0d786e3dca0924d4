package brume.hypervisor.cpu;

import brume.hypervisor.cpu.RegionPlan.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Cuts a plan down to the loop that its entry is the head of: what can come back to the entry by a
/// jump back to it, inner loops and calls included. So the code around a hot inner loop is left for
/// the translation of the outer one.
final class LoopFinder {
  private final RegionPlan plan;
  private final Map<Integer, Operation> operations = new HashMap<>();
  private final List<Integer> returns = new ArrayList<>();

  LoopFinder(RegionPlan plan) {
    this.plan = plan;
  }

  /// The plan itself where nothing jumps back to its entry.
  RegionPlan loop() {
    return isHeadOfLoop() ? cut() : plan;
  }

  /// Whether anything may lead back to the entry. Of most places nothing does.
  private boolean isHeadOfLoop() {
    for (Operation operation : plan.operations()) {
      boolean jumps = operation.target() == plan.entry() || operation.seen().contains(plan.entry());
      boolean returns = operation.isCall() && operation.behind() == plan.entry();
      if (returns || (jumps && operation.offset() >= plan.entry())) {
        return true;
      }
    }
    return false;
  }

  private RegionPlan cut() {
    for (Operation operation : plan.operations()) {
      operations.put(operation.offset(), operation);
      if (operation.isReturn()) {
        returns.add(operation.offset());
      }
    }
    Map<Integer, Set<Integer>> sources = sources();
    Set<Integer> body = new HashSet<>();
    ArrayDeque<Integer> open = new ArrayDeque<>();
    body.add(plan.entry());
    for (int source : sources.getOrDefault(plan.entry(), Set.of())) {
      if (source >= plan.entry() && body.add(source)) {
        open.add(source);
      }
    }
    if (open.isEmpty() && !sources.getOrDefault(plan.entry(), Set.of()).contains(plan.entry())) {
      return plan;
    }
    while (!open.isEmpty()) {
      for (int source : sources.getOrDefault(open.poll(), Set.of())) {
        if (body.add(source)) {
          open.add(source);
        }
      }
    }
    List<Operation> kept = new ArrayList<>(body.size());
    for (Operation operation : plan.operations()) {
      if (body.contains(operation.offset())) {
        kept.add(operation);
      }
    }
    return new RegionPlan(plan.entry(), kept, plan.interpreted(), plan.careful());
  }

  /// From where each place is reached.
  private Map<Integer, Set<Integer>> sources() {
    Map<Integer, Set<Integer>> sources = new HashMap<>();
    for (Operation operation : plan.operations()) {
      if (!operation.isJump()) {
        edge(sources, operation.offset(), operation.behind());
      }
      edge(sources, operation.offset(), operation.target());
      boolean inside = operations.containsKey(operation.target());
      for (int target : operation.seen()) {
        edge(sources, operation.offset(), target);
        inside |= operations.containsKey(target);
      }
      if (operation.isCall() && inside) {
        for (int from : returns) {
          edge(sources, from, operation.behind());
        }
      }
    }
    return sources;
  }

  private void edge(Map<Integer, Set<Integer>> sources, int from, int to) {
    if (operations.containsKey(to)) {
      sources.computeIfAbsent(to, key -> new HashSet<>()).add(from);
    }
  }
}
