package brume.standalone;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How one cloud is to be run.
///
/// @param port of the API, 0 for any that is free
/// @param database an external server's address with user and password; null for the embedded one
/// @param overrides properties given to every service, for tests with shorter periods
public record CloudOptions(
    Path data, int port, int nodes, @Nullable String database, Map<String, String> overrides) {
  public static final int NODES_MAX = 16;

  public CloudOptions {
    if (port < 0 || port > 65_535) {
      throw new StartFailure("--port must be 0 to 65535, not " + port);
    }
    if (nodes < 1 || nodes > NODES_MAX) {
      throw new StartFailure("--nodes must be 1 to " + NODES_MAX + ", not " + nodes);
    }
    overrides = Map.copyOf(overrides);
  }
}
