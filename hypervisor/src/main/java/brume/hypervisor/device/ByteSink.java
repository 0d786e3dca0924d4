package brume.hypervisor.device;

/// Takes what a guest writes to its console. Called on a thread of the machine, one at a time; an
/// implementation that blocks holds up this machine and one processor, so it should not.
@FunctionalInterface
public interface ByteSink {
  /// The array is the caller's and may change after the call.
  void accept(byte[] bytes, int offset, int length);
}
