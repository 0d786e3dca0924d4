package brume.scheduler.placement;

import java.util.List;

/// A set of placements, and a refusal for each demand that has none. Both in the demands' order.
public record Plan(List<Placement> placements, List<Refusal> refusals) {
  public Plan {
    placements = List.copyOf(placements);
    refusals = List.copyOf(refusals);
  }
}
