package brume.compute.ec2.shape;

import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.WireName;
import brume.compute.tag.Tags;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Tags for what an action makes, by the kind of thing.
public record TagSpecification(@Nullable String resourceType, @WireName("Tag") List<Tag> tags) {

  /// The tags for things of one kind; a specification for anything else is refused.
  public static SortedMap<String, String> of(String type, List<TagSpecification> specifications) {
    return byType(List.of(type), specifications).getOrDefault(type, new TreeMap<>());
  }

  /// The tags for each of these kinds, all of which are in the answer.
  public static Map<String, SortedMap<String, String>> byType(
      List<String> types, List<TagSpecification> specifications) {
    Map<String, SortedMap<String, String>> all = new TreeMap<>();
    types.forEach(type -> all.put(type, new TreeMap<>()));
    for (TagSpecification specification : specifications) {
      String type = specification.resourceType();
      if (type == null || type.isEmpty()) {
        throw new Ec2Fault(
            "InvalidParameterValue", "Tag specification resource type must have a value");
      }
      SortedMap<String, String> tags = all.get(type);
      if (tags == null) {
        throw new Ec2Fault(
            "InvalidParameterValue",
            "'" + Text.shown(type) + "' is not a valid taggable resource type for this operation.");
      }
      if (specification.tags().isEmpty()) {
        throw new Ec2Fault("InvalidParameterValue", "Tag specification must have at least one tag");
      }
      add(tags, specification.tags());
      Tags.check(tags);
    }
    return all;
  }

  /// The tags of a list, each key once.
  public static SortedMap<String, String> map(List<Tag> tags) {
    SortedMap<String, String> map = new TreeMap<>();
    add(map, tags);
    Tags.check(map);
    return map;
  }

  private static void add(SortedMap<String, String> map, List<Tag> tags) {
    for (Tag tag : tags) {
      String key = tag.key();
      if (key == null) {
        throw Ec2Fault.missing("Tag.Key");
      }
      String value = tag.value() == null ? "" : tag.value();
      Tags.check(key, value);
      if (map.put(key, value) != null) {
        throw new Ec2Fault(
            "InvalidParameterValue", "Duplicate tag key '" + Text.shown(key) + "' specified.");
      }
    }
  }
}
