package brume.scheduler.placement;

import brume.contract.Resources;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The fleet while one plan is made: what is free shrinks with each placement. Arrays, because a
/// round looks at demands × nodes of them.
final class Workspace {
  private final List<NodeView> nodes;
  private final int[] freeVcpu;
  private final int[] freeMemoryMib;
  private final int[] zoneOfNode;
  private final Map<String, Integer> zones = new HashMap<>();
  private final Map<String, int[]> countsOfReservation = new HashMap<>();
  private final boolean memoryIsScarcer;
  private final int fitSteps;
  private final long seed;

  Workspace(FleetView fleet, Policy policy, long seed) {
    this.nodes = fleet.nodes().stream().sorted(Comparator.comparing(NodeView::nodeId)).toList();
    this.fitSteps = policy.fitSteps();
    this.seed = seed;
    freeVcpu = new int[nodes.size()];
    freeMemoryMib = new int[nodes.size()];
    zoneOfNode = new int[nodes.size()];
    for (int node = 0; node < nodes.size(); node++) {
      NodeView view = nodes.get(node);
      freeVcpu[node] = view.free().vcpu();
      freeMemoryMib[node] = view.free().memoryMib();
      zoneOfNode[node] = zones.computeIfAbsent(view.zone(), zone -> zones.size());
    }
    memoryIsScarcer = memoryIsScarcer();
    fleet.placed().forEach(this::count);
  }

  private void count(String reservationId, Map<String, Integer> byZone) {
    int[] counts = countsOf(reservationId);
    byZone.forEach((zone, count) -> {
      Integer index = zones.get(zone);
      if (index != null) {
        counts[index] += count;
      }
    });
  }

  private int[] countsOf(String reservationId) {
    return countsOfReservation.computeIfAbsent(reservationId, id -> new int[zones.size()]);
  }

  private boolean memoryIsScarcer() {
    double vcpu = 0;
    double vcpuFree = 0;
    double memory = 0;
    double memoryFree = 0;
    for (int node = 0; node < nodes.size(); node++) {
      if (nodes.get(node).open()) {
        vcpu += nodes.get(node).capacity().vcpu();
        memory += nodes.get(node).capacity().memoryMib();
        vcpuFree += freeVcpu[node];
        memoryFree += freeMemoryMib[node];
      }
    }
    return memoryFree * vcpu < vcpuFree * memory;
  }

  List<NodeView> nodes() {
    return nodes;
  }

  boolean hasZone(String zone) {
    return zones.containsKey(zone);
  }

  String nodeId(int node) {
    return nodes.get(node).nodeId();
  }

  Resources free(int node) {
    return new Resources(freeVcpu[node], freeMemoryMib[node]);
  }

  void take(int node, Demand demand) {
    freeVcpu[node] -= demand.need().vcpu();
    freeMemoryMib[node] -= demand.need().memoryMib();
    countsOf(demand.reservationId())[zoneOfNode[node]]++;
  }

  /// -1 when nothing fits.
  int choose(Demand demand) {
    int vcpu = demand.need().vcpu();
    int memoryMib = demand.need().memoryMib();
    int onlyZone = demand.zone() == null ? -1 : zones.getOrDefault(demand.zone(), -2);
    int[] counts = countsOf(demand.reservationId());
    int best = -1;
    long[] bestScore = new long[5];
    long[] score = new long[5];
    for (int node = 0; node < freeVcpu.length; node++) {
      if (freeVcpu[node] < vcpu
          || freeMemoryMib[node] < memoryMib
          || (onlyZone != -1 && zoneOfNode[node] != onlyZone)
          || !nodes.get(node).open()) {
        continue;
      }
      score(node, demand, counts, score);
      if (best < 0 || Arrays.compare(score, bestScore) < 0) {
        best = node;
        long[] swap = bestScore;
        bestScore = score;
        score = swap;
      }
    }
    return best;
  }

  /// Smaller is better; the tie break comes last and is not a number to be proud of.
  private void score(int node, Demand demand, int[] counts, long[] score) {
    long leftVcpu = freeVcpu[node] - demand.need().vcpu();
    long leftMemory = freeMemoryMib[node] - demand.need().memoryMib();
    Resources capacity = nodes.get(node).capacity();
    long avoided = demand.avoidNodes().contains(nodes.get(node).nodeId()) ? 1 : 0;
    long steps =
        memoryIsScarcer
            ? leftMemory * fitSteps / capacity.memoryMib()
            : leftVcpu * fitSteps / capacity.vcpu();
    score[0] = avoided << 32 | steps;
    score[1] = counts[zoneOfNode[node]];
    score[2] = memoryIsScarcer ? leftMemory : leftVcpu;
    score[3] = memoryIsScarcer ? leftVcpu : leftMemory;
    score[4] = mix(seed ^ ((long) demand.instanceId().hashCode() << 32 | node));
  }

  /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): each bit depends on each.
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
