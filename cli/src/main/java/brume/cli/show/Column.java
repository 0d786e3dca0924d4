package brume.cli.show;

import brume.cli.cloud.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A column of a table, or a line where one thing is shown: a title, where its values lie, and how
/// people read them. CSV has the values as they are, one column for each path.
///
/// @param elastic whether it may be cut short where the terminal is narrow
/// @param text what a row shows here at a time
public record Column(
    String title, List<String> paths, boolean elastic, BiFunction<Object, Instant, String> text) {
  public Column {
    paths = List.copyOf(paths);
  }

  public static Column of(String title, String path) {
    return shown(title, path, false, (value, _) -> plain(value));
  }

  /// One that may be cut.
  public static Column elastic(String title, String path) {
    return shown(title, path, true, (value, _) -> plain(value));
  }

  /// How long ago, or until.
  public static Column ago(String title, String path) {
    return shown(title, path, false, (value, now) -> Ago.of(plain(value), now));
  }

  public static Column mib(String title, String path) {
    return shown(title, path, false, (value, _) -> plain(value) + " MiB");
  }

  public static Column yes(String title, String path) {
    return shown(title, path, false, (value, _) -> Boolean.TRUE.equals(value) ? "yes" : "");
  }

  /// Made of several values.
  public static Column made(
      String title, List<String> paths, BiFunction<Object, Instant, String> text) {
    return new Column(title, paths, false, text);
  }

  private static Column shown(
      String title, String path, boolean elastic, BiFunction<Object, Instant, String> shown) {
    return new Column(
        title,
        List.of(path),
        elastic,
        (row, now) -> {
          Object value = Json.at(row, path);
          return value == null ? "" : shown.apply(value, now);
        });
  }

  /// A value on one line: lists parted by commas, maps as `key=value`, times to the second.
  static String plain(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case List<?> list -> list.stream().map(Column::plain).collect(Collectors.joining(", "));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + plain(entry.getValue()))
              .collect(Collectors.joining(", "));
      default -> value.toString();
    };
  }

  /// A time to the second; empty where there is none.
  public static Column time(String title, String path) {
    return shown(title, path, false, (value, _) -> seconds(plain(value)));
  }

  private static String seconds(String time) {
    try {
      return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString();
    } catch (java.time.format.DateTimeParseException e) {
      return time;
    }
  }
}
