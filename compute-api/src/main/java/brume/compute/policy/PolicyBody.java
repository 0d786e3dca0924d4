package brume.compute.policy;

import brume.compute.account.NewCredential;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `POST /v1/policies` and `PUT /v1/policies/{policyId}` as they come in.
record PolicyBody(
    @Nullable String name,
    @Nullable String effect,
    @Nullable List<@Nullable String> actions,
    @Nullable List<@Nullable String> types,
    @Nullable Map<String, @Nullable String> tags) {
  private static final int ACTIONS_MAX = 50;
  private static final int TYPES_MAX = 20;
  private static final int TAGS_MAX = 10;
  private static final Pattern TYPE = Pattern.compile("[a-z0-9.*?]{1,64}");

  PolicyText checked() {
    List<String> checkedActions =
        NewCredential.patterns("actions", Fields.required("actions", actions), ACTIONS_MAX);
    if (checkedActions.isEmpty()) {
      throw Refused.invalid("actions", "actions must have at least one pattern, such as '*'");
    }
    PolicyText text =
        new PolicyText(
            Fields.text("name", Fields.required("name", name), 1, 128),
            Fields.oneOf("effect", Fields.required("effect", effect), List.of("allow", "deny")),
            checkedActions,
            checkedTypes(),
            checkedTags());
    if (text.effect().equals("allow") && text.types().isEmpty() && text.tags().isEmpty()) {
      throw Refused.invalid(
          "effect",
          "an allowance limits actions to types or tags, and this one has neither: give types or"
              + " tags, or deny");
    }
    return text;
  }

  private List<String> checkedTypes() {
    if (types == null) {
      return List.of();
    }
    if (types.size() > TYPES_MAX) {
      throw Refused.invalid(
          "types", "types may have at most " + TYPES_MAX + " patterns, not " + types.size());
    }
    return types.stream()
        .map(type -> Fields.pattern("types", Fields.required("types", type), TYPE))
        .distinct()
        .sorted()
        .toList();
  }

  private SortedMap<String, String> checkedTags() {
    SortedMap<String, String> checked = new TreeMap<>();
    if (tags == null) {
      return checked;
    }
    if (tags.size() > TAGS_MAX) {
      throw Refused.invalid(
          "tags", "tags may have at most " + TAGS_MAX + " entries, not " + tags.size());
    }
    tags.forEach((key, value) -> {
      String field = "tags." + Fields.shown(key);
      Fields.text("a key of tags", key, 1, 128);
      checked.put(key, Fields.text(field, Fields.required(field, value), 0, 256));
    });
    return checked;
  }
}
