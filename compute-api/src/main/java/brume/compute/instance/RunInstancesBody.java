package brume.compute.instance;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `POST /v1/instances` as it comes in.
record RunInstancesBody(
    @Nullable String image,
    @Nullable String type,
    @Nullable Integer count,
    @Nullable String name,
    @Nullable Map<String, @Nullable String> tags,
    @Nullable String userData,
    @Nullable String zone) {
  private static final Pattern ZONE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int USER_DATA_TEXT_MAX = 4 * ((RunInstances.USER_DATA_BYTES_MAX + 2) / 3);

  RunInstances checked() {
    return new RunInstances(
        Fields.text("image", Fields.required("image", image), 1, 128),
        Fields.text("type", Fields.required("type", type), 1, 64),
        count == null ? 1 : Fields.range("count", count, 1, RunInstances.COUNT_MAX),
        name == null ? null : Fields.text("name", name, 1, 250),
        tags == null ? new TreeMap<>() : checked(tags),
        userData == null ? null : normal(userData),
        zone == null ? null : Fields.pattern("zone", zone, ZONE));
  }

  static SortedMap<String, String> checked(Map<String, @Nullable String> tags) {
    if (tags.size() > RunInstances.TAGS_MAX) {
      throw Refused.invalid(
          "tags", "there may be at most " + RunInstances.TAGS_MAX + " tags, not " + tags.size());
    }
    SortedMap<String, String> checked = new TreeMap<>();
    tags.forEach((key, value) -> {
      String field = "tags." + Fields.shown(key);
      Fields.text("a key of tags", key, 1, 128);
      checked.put(key, Fields.text(field, Fields.required(field, value), 0, 256));
    });
    return checked;
  }

  private static String normal(String text) {
    String limit =
        "userData must be base64 of at most " + RunInstances.USER_DATA_BYTES_MAX + " bytes";
    if (text.length() > USER_DATA_TEXT_MAX) {
      throw Refused.invalid("userData", limit + ", and is longer");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw Refused.invalid("userData", limit + ", and is not base64");
    }
    if (bytes.length > RunInstances.USER_DATA_BYTES_MAX) {
      throw Refused.invalid("userData", limit + ", not " + bytes.length);
    }
    return Base64.getEncoder().encodeToString(bytes); // however it was padded
  }
}
