package brume.compute.access;

import java.util.List;
import java.util.Map;

/// What an account forbids its own people, or limits them to.
///
/// @param actions patterns of the actions it speaks of
/// @param types patterns of instance types; empty for any
/// @param tags a pattern of the value by key, all of which must be there; empty for any
public record Policy(
    String name,
    Effect effect,
    List<String> actions,
    List<String> types,
    Map<String, String> tags) {
  /// DENY forbids what matches. ALLOW limits the actions it names to what matches it, or another
  /// allowance that names them.
  public enum Effect {
    ALLOW,
    DENY
  }

  public Policy {
    actions = List.copyOf(actions);
    types = List.copyOf(types);
    tags = Map.copyOf(tags);
  }

  public boolean names(Action action) {
    return actions.stream().anyMatch(pattern -> Glob.matches(pattern, action.name()));
  }

  boolean isUnconditional() {
    return types.isEmpty() && tags.isEmpty();
  }

  boolean fits(Target target) {
    String type = target.instanceType();
    boolean typeFits =
        types.isEmpty()
            || (type != null && types.stream().anyMatch(pattern -> Glob.matches(pattern, type)));
    return typeFits
        && tags.entrySet().stream()
            .allMatch(tag -> {
              String value = target.tags().get(tag.getKey());
              return value != null && Glob.matches(tag.getValue(), value);
            });
  }
}
