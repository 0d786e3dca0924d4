package brume.cli.grammar;

/// Arguments that no verb takes; the message is for the user, with what to do.
public final class UsageFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageFailure(String message) {
    super(message);
  }
}
