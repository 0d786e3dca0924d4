package brume.contract;

import java.util.regex.Pattern;

/// Preconditions whose messages name the field and the limit, as every refusal of ours does.
public final class Checks {
  private Checks() {}

  public static long range(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          field + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  public static String pattern(String field, String value, Pattern pattern) {
    if (!pattern.matcher(value).matches()) {
      String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
      throw new IllegalArgumentException(
          field + " must match " + pattern.pattern() + ", not '" + shown + "'");
    }
    return value;
  }

  public static String length(String field, String value, int least, int most) {
    if (value.length() < least || value.length() > most) {
      throw new IllegalArgumentException(
          field + " must have " + least + " to " + most + " characters, not " + value.length());
    }
    return value;
  }
}
