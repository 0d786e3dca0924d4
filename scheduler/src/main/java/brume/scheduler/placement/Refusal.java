package brume.scheduler.placement;

/// A demand that no node fits, with what a user reads as the reason: it names what is missing and
/// the largest that would fit, and no node by its id.
public record Refusal(Demand demand, String reason) {}
