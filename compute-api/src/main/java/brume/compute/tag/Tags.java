package brume.compute.tag;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.util.Locale;
import java.util.Map;

/// The rules of tags, which are EC2's: 50 for each thing, keys of 1 to 128 characters that don't
/// begin with `aws:`, values of up to 256.
public final class Tags {
  public static final int COUNT_MAX = 50;
  public static final int KEY_MAX = 128;
  public static final int VALUE_MAX = 256;

  private Tags() {}

  public static void check(String key, String value) {
    if (key.isEmpty()) {
      throw Refused.invalid("Tag.Key", "Tag key must have 1 to " + KEY_MAX + " characters");
    }
    if (length(key) > KEY_MAX) {
      throw Refused.invalid(
          "Tag.Key",
          "Tag key exceeds the maximum length of "
              + KEY_MAX
              + " characters: '"
              + Fields.shown(key)
              + "'");
    }
    if (length(value) > VALUE_MAX) {
      throw Refused.invalid(
          "Tag.Value", "Tag value exceeds the maximum length of " + VALUE_MAX + " characters");
    }
    if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
      throw Refused.invalid(
          "Tag.Key", "Tag keys starting with 'aws:' are reserved for internal use");
    }
  }

  public static void checkCount(int count) {
    if (count > COUNT_MAX) {
      throw new Refused(
          new Refusal.Conflict(
              "tag_limit_exceeded",
              "Tag",
              "The maximum number of tags for a resource is " + COUNT_MAX));
    }
  }

  public static void check(Map<String, String> tags) {
    checkCount(tags.size());
    tags.forEach(Tags::check);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
