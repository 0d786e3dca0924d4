package brume.cli.cloud;

import java.util.Map;
import java.util.Optional;

/// What the API answered with success.
///
/// @param headers by lower-case name
public record Answer(Map<String, String> headers, String text) {
  public Answer {
    headers = Map.copyOf(headers);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
