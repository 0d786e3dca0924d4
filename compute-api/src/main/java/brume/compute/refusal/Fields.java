package brume.compute.refusal;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks of what clients send. Each refusal names the field, the limit, and what came instead.
public final class Fields {
  private static final int SHOWN_MAX = 80;

  private Fields() {}

  public static <T> T required(String field, @Nullable T value) {
    if (value == null) {
      throw Refused.invalid("missing_field", field, field + " is missing");
    }
    return value;
  }

  public static String length(String field, String value, int least, int most) {
    int length = value.codePointCount(0, value.length());
    if (length < least || length > most) {
      throw Refused.invalid(
          field, field + " must have " + least + " to " + most + " characters, not " + length);
    }
    return value;
  }

  /// Text that people read: no control characters, which would break terminals and logs, and
  /// nothing that UTF-8 can't hold.
  public static String text(String field, String value, int least, int most) {
    length(field, value, least, most);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c)) {
        throw Refused.invalid(field, field + " must not contain control characters");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == value.length()
            || !Character.isLowSurrogate(value.charAt(i + 1))) {
          throw Refused.invalid(field, field + " must be well-formed Unicode");
        }
        i++;
      }
    }
    return value;
  }

  public static String pattern(String field, String value, Pattern pattern) {
    if (!pattern.matcher(value).matches()) {
      throw Refused.invalid(
          field, field + " must match " + pattern.pattern() + ", not '" + shown(value) + "'");
    }
    return value;
  }

  public static int range(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw Refused.invalid(field, field + " must be " + least + " to " + most + ", not " + value);
    }
    return value;
  }

  public static String oneOf(String field, String value, List<String> allowed) {
    if (!allowed.contains(value)) {
      throw Refused.invalid(
          field,
          field
              + " must be one of '"
              + String.join("', '", allowed)
              + "', not '"
              + shown(value)
              + "'");
    }
    return value;
  }

  /// A client's text cut to what fits into a message, without control characters.
  public static String shown(String value) {
    String clean = value.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > SHOWN_MAX ? clean.substring(0, SHOWN_MAX) + "…" : clean;
  }
}
