package brume.compute.resource;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which instances have ended: what hung on them is free from that moment, also where the loop that
/// takes it back was not there yet.
public final class EndedInstances {
  private EndedInstances() {}

  /// The answer may be asked for null too.
  ///
  /// @param instances those that things hang on; null for what hangs on none
  public static Set<String> among(JdbcClient database, Stream<@Nullable String> instances) {
    String[] ids = instances.filter(Objects::nonNull).distinct().toArray(String[]::new);
    return ids.length == 0
        ? new HashSet<>()
        : database
            .sql("SELECT id FROM compute.ended_instance WHERE id = ANY (?)")
            .param(ids)
            .query((row, number) -> row.getString(1))
            .set();
  }
}
