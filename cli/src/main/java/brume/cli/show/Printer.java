package brume.cli.show;

import brume.cli.cloud.Json;
import brume.cli.process.Surroundings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Prints answers in the format that was asked for, after the query if there is one. A query's
/// result has columns of its own; where it is bare values, a table is just these, one on a line.
public final class Printer {
  private final Surroundings surroundings;
  private final Format format;
  private final Optional<String> query;

  /// Throws [brume.cli.process.CommandFailure] where the query is none.
  public Printer(Surroundings surroundings, Format format, Optional<String> query) {
    query.ifPresent(Query::check);
    this.surroundings = surroundings;
    this.format = format;
    this.query = query;
  }

  /// Whether a person reads it as it is; otherwise programs do, and get nothing beside it.
  public boolean isForPeople() {
    return format == Format.TABLE && query.isEmpty();
  }

  public Format format() {
    return format;
  }

  /// @param answer a list of objects, or one
  public void print(List<Column> columns, @Nullable Object answer) {
    if (query.isPresent()) {
      printQueried(Query.on(answer, query.get()));
    } else if (answer instanceof List<?> rows) {
      print(columns, rows);
    } else {
      printOne(columns, answer);
    }
    surroundings.out().flush();
  }

  /// One of many answers that come one by one: a line of a table without end, or one JSON object.
  public void printLine(List<Column> columns, @Nullable Object answer, boolean first) {
    Object shown = query.isPresent() ? Query.on(answer, query.get()) : answer;
    switch (format) {
      case JSON -> surroundings.out().println(Json.line(shown));
      case YAML -> surroundings.out().print("---\n" + Yaml.of(shown));
      case CSV, TABLE -> {
        if (query.isPresent()) {
          bare(shown);
        } else if (format == Format.CSV) {
          List<String> paths = paths(columns);
          Csv.print(surroundings.out(), paths, List.of(answer == null ? Map.of() : answer), first);
        } else {
          List<String> cells = new ArrayList<>();
          Instant now = surroundings.clock().instant();
          columns.forEach(column -> cells.add(Text.visible(column.text().apply(answer, now))));
          surroundings.out().println(String.join("  ", cells).stripTrailing());
        }
      }
    }
    surroundings.out().flush();
  }

  private static List<String> paths(List<Column> columns) {
    return columns.stream().flatMap(column -> column.paths().stream()).toList();
  }

  private void print(List<Column> columns, List<?> rows) {
    switch (format) {
      case TABLE -> table(columns, rows);
      case CSV -> csv(columns, rows);
      case JSON, YAML -> printTree(rows);
    }
  }

  private void printOne(List<Column> columns, @Nullable Object answer) {
    switch (format) {
      case TABLE -> card(columns, answer);
      case CSV -> csv(columns, answer == null ? List.of() : List.of(answer));
      case JSON, YAML -> printTree(answer);
    }
  }

  private void printTree(@Nullable Object answer) {
    if (format == Format.YAML) {
      surroundings.out().print(Yaml.of(answer));
    } else {
      surroundings.out().println(Json.pretty(answer));
    }
  }

  private void printQueried(@Nullable Object found) {
    if (format == Format.JSON || format == Format.YAML) {
      printTree(found);
    } else if (found instanceof List<?> rows && rows.stream().allMatch(Map.class::isInstance)) {
      print(ownColumns(rows), rows);
    } else if (found instanceof Map<?, ?>) {
      printOne(ownColumns(List.of(found)), found);
    } else if (found instanceof List<?> values) {
      values.forEach(this::bare);
    } else {
      bare(found);
    }
  }

  private void bare(@Nullable Object value) {
    List<String> cells =
        value instanceof List<?> list
            ? list.stream().map(Column::plain).toList()
            : List.of(Column.plain(value));
    surroundings
        .out()
        .println(
            format == Format.CSV
                ? String.join(",", cells.stream().map(Csv::quoted).toList())
                : String.join("\t", cells.stream().map(Text::visible).toList()));
  }

  private static List<Column> ownColumns(List<?> rows) {
    Set<String> names = new LinkedHashSet<>();
    for (Object row : rows) {
      ((Map<?, ?>) row).keySet().forEach(name -> names.add(String.valueOf(name)));
    }
    return names.stream()
        .map(name ->
            Column.made(
                name,
                List.of(name),
                (row, _) -> row instanceof Map<?, ?> map ? Column.plain(map.get(name)) : ""))
        .toList();
  }

  private void table(List<Column> columns, List<?> rows) {
    Table table =
        new Table(
            columns.stream().map(Column::title).toList(),
            columns.stream().map(Column::elastic).toList());
    Instant now = surroundings.clock().instant();
    rows.forEach(row -> table.row(columns.stream().map(c -> c.text().apply(row, now)).toList()));
    table.print(
        surroundings.out(),
        surroundings.columns(),
        surroundings.colours() ? Palette.COLOURS : Palette.PLAIN);
  }

  private void card(List<Column> columns, @Nullable Object answer) {
    if (answer == null) {
      return;
    }
    Instant now = surroundings.clock().instant();
    int width = columns.stream().mapToInt(column -> column.title().length()).max().orElse(0);
    for (Column column : columns) {
      String text = Text.visible(column.text().apply(answer, now));
      if (!text.isEmpty()) {
        String title =
            query.isPresent() ? column.title() : column.title().toLowerCase(java.util.Locale.ROOT);
        surroundings.out().println(title + " ".repeat(width - title.length() + 2) + text);
      }
    }
  }

  private void csv(List<Column> columns, List<?> rows) {
    Csv.print(surroundings.out(), paths(columns), rows, true);
  }
}
