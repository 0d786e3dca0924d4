package brume.hypervisor.cpu;

/// Privilege modes by their encoding: RISC-V privileged §1.2.
public final class Privilege {
  public static final int USER = 0;
  public static final int SUPERVISOR = 1;
  public static final int MACHINE = 3;

  private Privilege() {}
}
