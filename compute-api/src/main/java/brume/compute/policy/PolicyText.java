package brume.compute.policy;

import java.util.List;
import java.util.SortedMap;

/// A policy as it is written and shown.
///
/// @param effect `allow` or `deny`
/// @param types patterns of instance types; empty for any
/// @param tags patterns of values by key; empty for any
public record PolicyText(
    String name,
    String effect,
    List<String> actions,
    List<String> types,
    SortedMap<String, String> tags) {
  public PolicyText {
    actions = List.copyOf(actions);
    types = List.copyOf(types);
  }
}
