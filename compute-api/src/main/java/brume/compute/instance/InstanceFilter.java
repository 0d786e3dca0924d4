package brume.compute.instance;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.web.Repeated;
import brume.contract.InstanceState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which instances a list is of. All that is set must hold; of the states any one, of the tags all.
///
/// @param image id or name
/// @param node id or name
/// @param from the earliest time of launch
/// @param to the time that all were launched before
public record InstanceFilter(
    Set<InstanceState> states,
    List<TagFilter> tags,
    @Nullable String type,
    @Nullable String image,
    @Nullable String name,
    @Nullable String node,
    @Nullable Instant from,
    @Nullable Instant to) {
  private static final int TAGS_MAX = 10;

  /// A tag that must be there, with this value where one is given.
  public record TagFilter(String key, @Nullable String value) {
    static TagFilter of(String text) {
      Fields.text("tag", text, 1, 385);
      int equals = text.indexOf('=');
      return equals < 1
          ? new TagFilter(text, null)
          : new TagFilter(text.substring(0, equals), text.substring(equals + 1));
    }
  }

  static Set<InstanceState> states(Repeated texts) {
    Set<InstanceState> states = EnumSet.noneOf(InstanceState.class);
    List<String> known = Arrays.stream(InstanceState.values()).map(InstanceState::text).toList();
    for (String text : texts.values()) {
      Fields.oneOf("state", text, known);
      Arrays.stream(InstanceState.values())
          .filter(state -> state.text().equals(text))
          .forEach(states::add);
    }
    return states;
  }

  static List<TagFilter> tags(Repeated texts) {
    List<TagFilter> tags = new ArrayList<>();
    for (String text : texts.values()) {
      tags.add(TagFilter.of(text));
    }
    if (tags.size() > TAGS_MAX) {
      throw Refused.invalid("tag", "at most " + TAGS_MAX + " tags, not " + tags.size());
    }
    return tags;
  }
}
