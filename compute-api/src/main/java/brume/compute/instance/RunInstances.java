package brume.compute.instance;

import java.util.Base64;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A launch: `count` instances of one kind, all or none.
///
/// @param image id or name
/// @param name of one instance, or what each of several is called before its number
/// @param zone null for wherever there is room
/// @param userData in base64; null for none
public record RunInstances(
    String image,
    String type,
    int count,
    @Nullable String name,
    SortedMap<String, String> tags,
    @Nullable String userData,
    @Nullable String zone) {
  public static final int COUNT_MAX = 100;
  public static final int TAGS_MAX = 50;
  public static final int USER_DATA_BYTES_MAX = 16 * 1024;

  byte @Nullable [] userDataBytes() {
    return userData == null ? null : Base64.getDecoder().decode(userData);
  }

  @Nullable String nameOf(int index) {
    return name == null || count == 1 ? name : name + "-" + (index + 1);
  }
}
