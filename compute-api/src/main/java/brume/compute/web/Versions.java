package brume.compute.web;

import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Entity tags of what is edited (RFC 9110 §8.8.3): a number that counts the edits, in quotes. Who
/// sends back the one they saw in `If-Match` never overwrites what they have not seen.
public final class Versions {
  private static final Pattern TAG = Pattern.compile("\"[0-9]{1,18}\"");

  private Versions() {}

  public static String tag(long version) {
    return "\"" + version + "\"";
  }

  /// The version of an `If-Match` header; null where any will do.
  public static @Nullable Long wanted(@Nullable String header) {
    if (header == null || header.strip().equals("*")) {
      return null;
    }
    String tag = header.strip();
    if (!TAG.matcher(tag).matches()) {
      throw Refused.invalid(
          "If-Match", "If-Match must be an ETag as an answer gave it, such as \"3\"");
    }
    return Long.parseLong(tag.substring(1, tag.length() - 1));
  }

  public static void require(@Nullable Long wanted, long found) {
    if (wanted != null && wanted != found) {
      throw new Refused(
          new Refusal.Unfit(
              Refusal.Form.VERSION,
              "it was changed since: its ETag is "
                  + tag(found)
                  + " and not "
                  + tag(wanted)
                  + "; get it again and decide anew"));
    }
  }
}
