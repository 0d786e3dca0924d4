package brume.compute.resource;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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

  /// What hangs on instances: on which, whether it ends with it, and how it is without it.
  public record Hanging<T extends Record & Resource>(
      OwnedTable<T> table,
      Function<T, @Nullable String> on,
      Predicate<T> endsWithIt,
      UnaryOperator<T> freed) {
    /// Some of a list as it is since instances ended a moment ago: without what went with them, and
    /// with the rest free.
    public List<T> present(
        JdbcClient database, Scope scope, List<String> ids, @Nullable String after, int most) {
      List<T> some =
          table.some(
              scope,
              ids,
              after,
              most,
              "NOT (delete_on_termination"
                  + " AND EXISTS (SELECT FROM compute.ended_instance e WHERE e.id = instance_id))");
      Set<String> ended = among(database, some.stream().filter(endsWithIt.negate()).map(on));
      return some.stream()
          .map(one -> ended.contains(on.apply(one)) ? freed.apply(one) : one)
          .toList();
    }
  }
}
