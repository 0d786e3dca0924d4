package brume.cli.show;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Columns aligned for reading, two spaces between them; the last one runs free. A missing value
/// shows as a dash, so that every row has all its columns for `awk`. Where a terminal is too
/// narrow, columns that may be are cut, the widest first.
public final class Table {
  private static final int CUT_LEAST = 8;
  private static final int GAP = 2;

  private final List<String> titles;
  private final List<Boolean> elastic;
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> titles, List<Boolean> elastic) {
    this.titles = List.copyOf(titles);
    this.elastic = List.copyOf(elastic);
  }

  Table row(List<String> cells) {
    rows.add(cells.stream().map(Table::cell).toList());
    return this;
  }

  private static String cell(@Nullable String given) {
    return given == null || given.isEmpty() ? "-" : Text.visible(given);
  }

  /// @param width of the terminal; none for as wide as needed
  /// @param palette colours cells after they are aligned
  void print(PrintWriter out, Optional<Integer> width, Palette palette) {
    int columns = titles.size();
    int[] widths = new int[columns];
    for (int column = 0; column < columns; column++) {
      widths[column] = Text.width(titles.get(column));
      for (List<String> row : rows) {
        widths[column] = Math.max(widths[column], Text.width(row.get(column)));
      }
    }
    width.ifPresent(limit -> fit(widths, limit));
    out.println(line(titles, widths, Palette.PLAIN));
    rows.forEach(row -> out.println(line(row, widths, palette)));
  }

  private void fit(int[] widths, int limit) {
    int over = GAP * (widths.length - 1) - limit;
    for (int width : widths) {
      over += width;
    }
    while (over > 0) {
      int widest = -1;
      for (int column = 0; column < widths.length; column++) {
        int least = Math.max(CUT_LEAST, Text.width(titles.get(column)));
        if (elastic.get(column)
            && widths[column] > least
            && (widest < 0 || widths[column] > widths[widest])) {
          widest = column;
        }
      }
      if (widest < 0) {
        return;
      }
      widths[widest]--;
      over--;
    }
  }

  private static String line(List<String> cells, int[] widths, Palette palette) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = Text.cut(cells.get(column), widths[column]);
      line.append(palette.paint(cell));
      if (column < widths.length - 1) {
        line.append(" ".repeat(widths[column] - Text.width(cell) + GAP));
      }
    }
    return line.toString().stripTrailing();
  }
}
