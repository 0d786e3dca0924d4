package brume.cli;

/// What the process ends with, for scripts.
final class ExitCode {
  static final int REFUSED = 1;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;
  static final int WAITED_TOO_LONG = 4;

  private ExitCode() {}
}
