package brume.hypervisor.device;

/// One interrupt wire, level-triggered, from a device to whatever listens at its end.
@FunctionalInterface
public interface InterruptLine {
  void set(boolean level);
}
