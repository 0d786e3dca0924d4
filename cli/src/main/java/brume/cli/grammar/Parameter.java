package brume.cli.grammar;

/// What a verb takes without a name.
///
/// @param label as in the help, `INSTANCE`
/// @param least how many there must be
/// @param most how many there may be
public record Parameter(String label, String help, int least, int most, Fill fill) {
  private static final int MANY = 1000;

  public Parameter {
    if (least < 0 || most < Math.max(1, least)) {
      throw new IllegalArgumentException(label + " must be wanted " + least + " to " + most);
    }
  }

  public static Parameter one(String label, String help) {
    return new Parameter(label, help, 1, 1, Fill.NOTHING);
  }

  public static Parameter optional(String label, String help) {
    return new Parameter(label, help, 0, 1, Fill.NOTHING);
  }

  public static Parameter some(String label, String help) {
    return new Parameter(label, help, 1, MANY, Fill.NOTHING);
  }

  public static Parameter any(String label, String help) {
    return new Parameter(label, help, 0, MANY, Fill.NOTHING);
  }

  public Parameter filled(Fill with) {
    return new Parameter(label, help, least, most, with);
  }

  String usage() {
    String shown = most > 1 ? label + "…" : label;
    return least == 0 ? "[" + shown + "]" : shown;
  }
}
