package brume.standalone;

/// The cloud can not start; the message says why and what to do, and is all a user sees.
final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartFailure(String message) {
    super(message);
  }
}
