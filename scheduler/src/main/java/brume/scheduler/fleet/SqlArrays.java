package brume.scheduler.fleet;

import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Columns for `unnest(?, ?, …)`: a set of rows goes to PostgreSQL as one array for each column, so
/// that a statement is one round trip however many rows it is about.
final class SqlArrays {
  private SqlArrays() {}

  static <T> @Nullable String[] texts(Collection<T> rows, Function<T, @Nullable String> column) {
    @Nullable String[] values = new @Nullable String[rows.size()];
    int index = 0;
    for (T row : rows) {
      values[index++] = column.apply(row);
    }
    return values;
  }

  static <T> long[] longs(Collection<T> rows, ToLongFunction<T> column) {
    return rows.stream().mapToLong(column).toArray();
  }

  /// For `?::timestamptz[]`: as text, which keeps the microseconds.
  static <T> @Nullable String[] times(Collection<T> rows, Function<T, @Nullable Instant> column) {
    return texts(
        rows,
        row -> {
          Instant at = column.apply(row);
          return at == null ? null : at.toString();
        });
  }
}
