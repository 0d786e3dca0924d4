package brume.cli.process;

/// What the process ends with, for scripts.
public final class ExitCode {
  public static final int REFUSED = 1;
  public static final int USAGE = 2;
  public static final int UNREACHABLE = 3;
  public static final int WAITED_TOO_LONG = 4;

  private ExitCode() {}
}
