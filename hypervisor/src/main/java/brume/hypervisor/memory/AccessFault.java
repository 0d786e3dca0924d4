package brume.hypervisor.memory;

/// A guest-physical access that nothing answers: outside RAM and devices, or of a width or
/// alignment that the device does not take. Carries no stack trace, as guests cause it at will.
public final class AccessFault extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final long address;

  public AccessFault(long address) {
    super(null, null, false, false);
    this.address = address;
  }

  public long address() {
    return address;
  }

  @Override
  public String getMessage() {
    return "no device or memory answers at physical address 0x" + Long.toHexString(address);
  }
}
