package brume.node.hypervisor;

/// How a guest came to an end by itself.
public sealed interface GuestEnd {
  /// It powered itself off in good order.
  record PoweredOff() implements GuestEnd {}

  /// It can't go on: it said so itself, or its machine met a fault.
  ///
  /// @param reason what a user may read
  record Broken(String reason) implements GuestEnd {}
}
