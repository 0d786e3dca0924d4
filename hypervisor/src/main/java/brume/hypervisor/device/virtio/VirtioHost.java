package brume.hypervisor.device.virtio;

/// What a device may ask of its transport. Under the machine's device lock.
public interface VirtioHost {
  /// [VirtioDevice#service] will be called for this queue, if it is ready.
  void requestService(int queue);

  /// The configuration has changed and the driver should look.
  void configurationChanged();
}
