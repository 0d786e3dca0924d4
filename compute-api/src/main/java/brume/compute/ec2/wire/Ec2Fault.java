package brume.compute.ec2.wire;

/// What the EC2 door answers instead of a result: EC2's code, a message, and the HTTP status that
/// EC2 sends with it. It is no bug, so it has no stack trace.
public final class Ec2Fault extends RuntimeException {
  private static final int BAD_REQUEST = 400;

  private final int status;
  private final String code;
  private final String text;

  public Ec2Fault(int status, String code, String text) {
    super(code + ": " + text, null, false, false);
    this.status = status;
    this.code = code;
    this.text = text;
  }

  public Ec2Fault(String code, String text) {
    this(BAD_REQUEST, code, text);
  }

  public static Ec2Fault missing(String parameter) {
    return new Ec2Fault("MissingParameter", "The request must contain the parameter " + parameter);
  }

  /// A value that the parameter can't have.
  public static Ec2Fault value(String parameter, String value, String expected) {
    return new Ec2Fault(
        "InvalidParameterValue",
        "Value ("
            + Text.shown(value)
            + ") for parameter "
            + parameter
            + " is invalid. "
            + expected);
  }

  /// Parameters that don't go together.
  public static Ec2Fault combination(String text) {
    return new Ec2Fault("InvalidParameterCombination", text);
  }

  /// What EC2 has and this cloud does not.
  public static Ec2Fault unsupported(String text) {
    return new Ec2Fault("UnsupportedOperation", text);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public String text() {
    return text;
  }
}
