package brume.hypervisor.device;

/// A device with a timer. Times are ticks of the machine's clock.
public interface TimedDevice {
  /// When [#advance] must be called next; Long.MAX_VALUE if never.
  long nextDeadline();

  /// Raises and lowers what `now` asks for. Called at least before each turn of a hart.
  void advance(long now);
}
