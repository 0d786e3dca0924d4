package brume.cli.process;

/// A command that can not go on: one line for the user, and the exit code.
public class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  public CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public final int exitCode() {
    return exitCode;
  }
}
