package brume.compute.launch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What the launches of one transaction have looked up, each thing once. What a lookup throws is
/// not kept.
final class Memo {
  private final Map<List<Object>, Object> known = new HashMap<>();

  /// @param key what is looked up, and by what
  @SuppressWarnings("unchecked") // one key is always looked up by the same code
  <T> T of(List<Object> key, Supplier<T> lookup) {
    Object found = known.get(key);
    if (found == null) {
      found = lookup.get();
      known.put(key, found);
    }
    return (T) found;
  }
}
