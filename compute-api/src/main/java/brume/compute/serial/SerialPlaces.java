package brume.compute.serial;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many consoles may be open at once, in one process of this service.
final class SerialPlaces {
  static final int INSTANCE_MAX = 4;
  static final int ACCOUNT_MAX = 32;
  static final int ALL_MAX = 500;

  private final Map<String, Integer> taken = new HashMap<>();
  private int all;

  /// @return null, or why there is none left
  synchronized @Nullable String take(String account, String instance) {
    if (taken.getOrDefault(instance, 0) >= INSTANCE_MAX) {
      return INSTANCE_MAX + " serial consoles of " + instance + " are open already: close one";
    }
    if (taken.getOrDefault(account, 0) >= ACCOUNT_MAX) {
      return ACCOUNT_MAX + " serial consoles of this account are open already: close one";
    }
    if (all >= ALL_MAX) {
      return "the cloud has too many serial consoles open: try again later";
    }
    all++;
    taken.merge(instance, 1, Integer::sum);
    taken.merge(account, 1, Integer::sum);
    return null;
  }

  synchronized void give(String account, String instance) {
    all--;
    taken.compute(instance, (id, count) -> count == null || count <= 1 ? null : count - 1);
    taken.compute(account, (id, count) -> count == null || count <= 1 ? null : count - 1);
  }
}
