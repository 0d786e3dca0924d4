package brume.scheduler.placement;

import brume.contract.Resources;
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
      // What is closed offers nothing.
      freeVcpu[node] = view.open() ? view.free().vcpu() : 0;
      freeMemoryMib[node] = view.open() ? view.free().memoryMib() : 0;
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
    long bestSteps = Long.MAX_VALUE;
    for (int node = 0; node < freeVcpu.length; node++) {
      if (freeVcpu[node] < vcpu
          || freeMemoryMib[node] < memoryMib
          || (onlyZone != -1 && zoneOfNode[node] != onlyZone)) {
        continue;
      }
      long steps = steps(node, demand);
      // Most nodes are behind by this alone; only equals are looked at more closely.
      if (best < 0
          || steps < bestSteps
          || (steps == bestSteps && isBetter(node, best, demand, counts))) {
        best = node;
        bestSteps = steps;
      }
    }
    return best;
  }

  /// What would be left of the scarcer resource, coarsely; a node to be avoided is behind all
  /// others.
  private long steps(int node, Demand demand) {
    NodeView view = nodes.get(node);
    long steps =
        memoryIsScarcer
            ? (long) leftMemory(node, demand) * fitSteps / view.capacity().memoryMib()
            : (long) leftVcpu(node, demand) * fitSteps / view.capacity().vcpu();
    boolean avoided = !demand.avoidNodes().isEmpty() && demand.avoidNodes().contains(view.nodeId());
    return avoided ? steps + (1L << 40) : steps;
  }

  private boolean isBetter(int node, int other, Demand demand, int[] counts) {
    int compared = Integer.compare(counts[zoneOfNode[node]], counts[zoneOfNode[other]]);
    int vcpu = Integer.compare(leftVcpu(node, demand), leftVcpu(other, demand));
    int memory = Integer.compare(leftMemory(node, demand), leftMemory(other, demand));
    if (compared == 0) {
      compared = memoryIsScarcer ? memory : vcpu;
    }
    if (compared == 0) {
      compared = memoryIsScarcer ? vcpu : memory;
    }
    return compared == 0 ? tie(node, demand) < tie(other, demand) : compared < 0;
  }

  private int leftVcpu(int node, Demand demand) {
    return freeVcpu[node] - demand.need().vcpu();
  }

  private int leftMemory(int node, Demand demand) {
    return freeMemoryMib[node] - demand.need().memoryMib();
  }

  private long tie(int node, Demand demand) {
    return mix(seed ^ ((long) demand.instanceId().hashCode() << 32 | node));
  }

  /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): each bit depends on each.
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
