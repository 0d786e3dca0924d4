package brume.scheduler.placement;

import java.util.List;
import java.util.Map;

/// An immutable snapshot of the fleet.
///
/// @param nodes all of them, also those that take no new work: a refusal speaks of them
/// @param placed for each request that has demands now: how many of its instances each zone holds
public record FleetView(List<NodeView> nodes, Map<String, Map<String, Integer>> placed) {
  public FleetView {
    nodes = List.copyOf(nodes);
    placed = Map.copyOf(placed);
  }
}
