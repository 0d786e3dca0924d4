package brume.node.hypervisor;

/// Told what a guest does by itself. Calls come from the driver's threads, which run guests, so an
/// implementation only notes the fact and returns; it must not call the guest back.
public interface GuestListener {
  /// The guest's own system said that it is up, for the first time since it was started or rebooted
  /// from outside.
  ///
  /// @param afterNanos since then
  void ready(long afterNanos);

  /// The guest executes nothing any more. Called at most once, and never for a `destroy`.
  void ended(GuestEnd end);
}
