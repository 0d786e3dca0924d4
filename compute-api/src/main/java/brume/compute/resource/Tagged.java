package brume.compute.resource;

import java.util.Map;

/// A thing with its tags.
public record Tagged<T>(T row, Map<String, String> tags) {
  public Tagged {
    tags = Map.copyOf(tags);
  }
}
