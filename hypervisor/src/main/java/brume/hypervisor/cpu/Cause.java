package brume.hypervisor.cpu;

/// Exception codes of `mcause` and `scause`: RISC-V privileged, table of §3.1.15.
public final class Cause {
  public static final int FETCH_ACCESS = 1;
  public static final int ILLEGAL_INSTRUCTION = 2;
  public static final int BREAKPOINT = 3;
  public static final int LOAD_MISALIGNED = 4;
  public static final int LOAD_ACCESS = 5;
  public static final int STORE_MISALIGNED = 6;
  public static final int STORE_ACCESS = 7;
  public static final int CALL_FROM_U = 8;
  public static final int CALL_FROM_S = 9;
  public static final int CALL_FROM_M = 11;
  public static final int FETCH_PAGE = 12;
  public static final int LOAD_PAGE = 13;
  public static final int STORE_PAGE = 15;

  private Cause() {}
}
