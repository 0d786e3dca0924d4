package brume.compute.ec2.shape;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A tag, asked for or shown.
public record Tag(@Nullable String key, @Nullable String value) {
  /// In the order of their keys.
  public static List<Tag> of(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream().map(tag -> new Tag(tag.getKey(), tag.getValue())).toList();
  }
}
