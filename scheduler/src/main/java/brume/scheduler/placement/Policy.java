package brume.scheduler.placement;

import brume.contract.Checks;

/// How a node is chosen among those that fit.
///
/// @param fitSteps how finely best fit tells two nodes apart before the spread over zones decides.
///   With steps of one whole MiB best fit would always find a winner and a request would never be
///   spread; in quarters of a node, nodes that would be left about as full count as equal.
public record Policy(int fitSteps) {
  public static final Policy STANDARD = new Policy(4);

  public Policy {
    Checks.range("fitSteps", fitSteps, 1, 1_000_000);
  }
}
