package brume.hypervisor.device.virtio;

/// The driver broke a rule of the specification, so the device stops until it is reset. Carries no
/// stack trace, as guests cause it at will.
public final class VirtioFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public VirtioFault(String reason) {
    super(reason, null, false, false);
  }
}
