package brume.hypervisor.device;

/// The machine's power switch, as devices and firmware press it. Each call makes the hart that
/// caused it stop before its next instruction.
public interface PowerControl {
  /// `status` is what the guest wants to be remembered by: 0 for a clean end.
  void powerOff(int status);

  void reset();
}
