package brume.compute.access;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an action is about, as far as policies ask: for a launch what is asked for, else what is
/// there.
///
/// @param instanceType null where the thing has none
public record Target(@Nullable String instanceType, Map<String, String> tags) {
  public Target {
    tags = Map.copyOf(tags);
  }
}
