package brume.scheduler.placement;

import brume.contract.Resources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Says why a demand waits, by what is free when the plan is done. Users of every account read it:
/// it gives sizes and zones, never a node's id or name.
final class RefusalText {
  private static final int ZONES_SHOWN_MAX = 8;

  private final Workspace workspace;
  private final Map<Ask, String> known = new HashMap<>();

  /// Demands that ask for the same get the same words.
  private record Ask(Resources need, @Nullable String zone) {}

  RefusalText(Workspace workspace) {
    this.workspace = workspace;
  }

  String of(Demand demand) {
    return known.computeIfAbsent(
        new Ask(demand.need(), demand.zone()), ask -> reason(demand) + elsewhere(demand));
  }

  private String reason(Demand demand) {
    if (workspace.nodes().isEmpty()) {
      return "no node has joined this cloud yet";
    }
    String zone = demand.zone();
    IntPredicate inZone = node -> zone == null || node(node).zone().equals(zone);
    if (zone != null && !workspace.hasZone(zone)) {
      return "there is no zone " + zone + "; there are: " + zones();
    }
    IntPredicate open = inZone.and(node -> node(node).open());
    if (count(open) == 0) {
      return "no node" + demand.inZone() + " takes new instances at the moment";
    }
    if (count(open.and(node -> node(node).capacity().holds(demand.need()))) == 0) {
      Resources largest = nearest(open, demand.need(), true);
      return "no node"
          + demand.inZone()
          + " is as large as "
          + demand.need()
          + "; the largest has "
          + largest;
    }
    return "no node has "
        + demand.need()
        + " free"
        + demand.inZone()
        + "; the largest free is "
        + nearest(open, demand.need(), false);
  }

  /// What a user can do: the zones that have the room, where the request was bound to another.
  private String elsewhere(Demand demand) {
    if (demand.zone() == null || !workspace.hasZone(demand.zone())) {
      return "";
    }
    List<String> withRoom =
        indices()
            .filter(node -> node(node).open() && workspace.free(node).holds(demand.need()))
            .mapToObj(node -> node(node).zone())
            .distinct()
            .sorted()
            .limit(ZONES_SHOWN_MAX)
            .toList();
    if (withRoom.isEmpty()) {
      return "";
    }
    return withRoom.size() == 1
        ? "; zone " + withRoom.getFirst() + " has room"
        : "; zones " + String.join(", ", withRoom) + " have room";
  }

  /// The offer that comes nearest to the need: the one that covers the largest part of it.
  private Resources nearest(IntPredicate among, Resources need, boolean whenEmpty) {
    Resources best = Resources.NONE;
    double bestPart = -1;
    for (int node : indices().filter(among).toArray()) {
      Resources offer = whenEmpty ? node(node).capacity() : workspace.free(node);
      double vcpu = (double) offer.vcpu() / need.vcpu();
      double memory = (double) offer.memoryMib() / need.memoryMib();
      // What is larger in both is nearer, also where the smaller part is the same.
      double part = Math.min(vcpu, memory) + Math.max(vcpu, memory) * 1e-9;
      if (part > bestPart) {
        bestPart = part;
        best = offer;
      }
    }
    return best;
  }

  private String zones() {
    return workspace.nodes().stream()
        .map(NodeView::zone)
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .limit(ZONES_SHOWN_MAX)
        .collect(Collectors.joining(", "));
  }

  private NodeView node(int index) {
    return workspace.nodes().get(index);
  }

  private IntStream indices() {
    return IntStream.range(0, workspace.nodes().size());
  }

  private long count(IntPredicate among) {
    return indices().filter(among).count();
  }
}
