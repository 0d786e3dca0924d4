package brume.hypervisor.reference;

/// A synchronous exception, as the privileged specification numbers causes (§3.1.15).
final class ReferenceTrap extends RuntimeException {
  static final int FETCH_MISALIGNED = 0, FETCH_ACCESS = 1, ILLEGAL = 2, BREAKPOINT = 3;
  static final int LOAD_MISALIGNED = 4, LOAD_ACCESS = 5, STORE_MISALIGNED = 6, STORE_ACCESS = 7;
  static final int CALL_FROM_U = 8, FETCH_PAGE = 12, LOAD_PAGE = 13, STORE_PAGE = 15;

  private static final long serialVersionUID = 1L;
  final int cause;
  final long value;

  ReferenceTrap(int cause, long value) {
    super(null, null, false, false);
    this.cause = cause;
    this.value = value;
  }
}
