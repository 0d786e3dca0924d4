package brume.cli.cloud;

import brume.cli.process.CommandFailure;

/// What the API refused, in its own words.
public final class Refusal extends CommandFailure {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  Refusal(int exitCode, int status, String code, String message) {
    super(exitCode, message);
    this.status = status;
    this.code = code;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }
}
