package brume.compute.ec2.wire;

import brume.compute.refusal.Fields;
import java.util.Locale;

/// A client's text in messages, and the first letters of names: parameters begin with a capital,
/// elements do not.
public final class Text {
  private Text() {}

  public static String shown(String value) {
    return Fields.shown(value);
  }

  public static String capitalized(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  public static String uncapitalized(String name) {
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
