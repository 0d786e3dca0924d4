package brume.cli.show;

import brume.cli.cloud.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Comma-separated values (RFC 4180, with line feeds): a line of names, then the values as the API
/// gave them. The names are the paths into its JSON, the same whatever is in it.
final class Csv {
  private Csv() {}

  static void print(PrintWriter out, List<String> paths, List<?> rows, boolean titled) {
    if (titled) {
      line(out, paths);
    }
    for (Object row : rows) {
      List<String> cells = new ArrayList<>();
      paths.forEach(path -> cells.add(Column.plain(Json.at(row, path))));
      line(out, cells);
    }
  }

  private static void line(PrintWriter out, List<String> cells) {
    out.println(String.join(",", cells.stream().map(Csv::quoted).toList()));
  }

  static String quoted(String cell) {
    boolean plain =
        cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            && cell.equals(cell.strip());
    return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
  }
}
