package brume.hypervisor.firmware;

/// A boot file that cannot be used. `part` names it as the configuration does (`kernel`, `initrd`,
/// `firmware`, `elf`, `disk`, `memory`); the message says what is wrong and what would be right.
public final class BootFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String part;

  public BootFailure(String part, String message) {
    super(message);
    this.part = part;
  }

  public String part() {
    return part;
  }
}
