package brume.hypervisor.device.virtio;

import brume.hypervisor.device.TrafficCounter;

/// One kind of virtio device, without its transport. Called under the machine's device lock.
///
/// A [VirtioFault] or [brume.hypervisor.memory.AccessFault] from [#service] puts the device out of
/// order until the driver resets it.
public interface VirtioDevice {
  /// virtio 1.2 §5.
  int deviceId();

  /// For messages: `disk0`, `rng`.
  String name();

  /// Feature bits of this kind; the transport adds its own.
  long features();

  int queues();

  default int queueSizeMax() {
    return 256;
  }

  /// The device-specific configuration; reads behind its end give 0.
  byte[] configuration();

  default void configure(int offset, int value) {}

  /// Where to ask for service; called once.
  void attach(VirtioHost host);

  /// The driver has said DRIVER_OK with these features.
  default void activate(long features) {}

  /// Back to the state before the first driver came.
  default void reset() {}

  /// Works through queue `index` until it is empty or about `workMax` bytes were moved; true when
  /// there is more to do.
  boolean service(int index, SplitQueue queue, long workMax);

  TrafficCounter traffic();
}
