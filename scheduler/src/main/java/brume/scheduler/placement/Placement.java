package brume.scheduler.placement;

/// A decision: this demand goes to that node.
public record Placement(Demand demand, String nodeId) {}
