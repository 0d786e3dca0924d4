package brume.billing.invoice;

import brume.billing.meter.Meter;
import brume.billing.meter.Unit;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An invoice as a table for people: plain text, times in UTC, amounts to the sixth decimal beside
/// the coin, so that a few seconds are seen too. Names are shown without control characters, since
/// they may come to a terminal.
public final class InvoiceText {
  private static final int NAME_MAX = 16;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String GAP = "  ";

  private InvoiceText() {}

  private enum Align {
    LEFT,
    RIGHT
  }

  private record Column(String title, Align align) {}

  public static String of(Invoice invoice) {
    List<Column> columns =
        List.of(
            new Column("Instance", Align.LEFT),
            new Column("Name", Align.LEFT),
            new Column("Type", Align.LEFT),
            new Column("Start (UTC)", Align.LEFT),
            new Column("End (UTC)", Align.LEFT),
            new Column("Seconds", Align.RIGHT),
            new Column("Minimum", Align.RIGHT),
            new Column("Price/hour", Align.RIGHT),
            new Column("Exact " + invoice.currency(), Align.RIGHT),
            new Column(invoice.currency(), Align.RIGHT));
    List<List<String>> lines = new ArrayList<>();
    for (Invoice.Line line : invoice.lines()) {
      lines.addAll(rows(line));
    }
    List<List<String>> sums = sums(invoice);
    int[] widths = widths(columns, lines, sums);

    StringBuilder text = new StringBuilder();
    heading(text, invoice);
    if (lines.isEmpty()) {
      text.append("Nothing was used in this period.\n\n");
    } else {
      append(text, columns, widths, columns.stream().map(Column::title).toList());
      rule(text, widths);
      lines.forEach(row -> append(text, columns, widths, row));
      rule(text, widths);
    }
    sums.forEach(row -> append(text, columns, widths, row));
    return text.toString();
  }

  private static void heading(StringBuilder text, Invoice invoice) {
    String name = invoice.accountName();
    if (invoice.isDraft()) {
      text.append("Invoice (draft, the month so far)\n\n");
    } else {
      text.append("Invoice ").append(invoice.numberText()).append(" (").append(invoice.state());
      text.append(", due ").append(TIME.format(Objects.requireNonNull(invoice.dueAt())));
      text.append(" UTC)\n\n");
    }
    text.append("Account  ").append(invoice.accountId());
    if (name != null) {
      text.append(GAP).append(printable(name));
    }
    text.append("\nPeriod   ")
        .append(TIME.format(invoice.period().start()))
        .append(" to ")
        .append(TIME.format(invoice.period().end()))
        .append(" UTC, the end excluded\nUp to    ")
        .append(TIME.format(invoice.asOf()))
        .append(" UTC\n\n");
  }

  /// The line and, when it was used more than once, each interval beneath it.
  private static List<List<String>> rows(Invoice.Line line) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            line.resourceId(),
            shortened(line.resourceName()),
            line.sku(),
            TIME.format(line.start()),
            end(line.end()),
            quantity(line),
            line.units() == null ? minimum(line.minimumSeconds()) : "",
            line.unitPricePerHour() + unit(line).priceSuffix(),
            line.exactAmount(),
            line.amount()));
    List<Invoice.Interval> intervals = line.intervals();
    if (line.intervalsTotal() > 1 && intervals != null) {
      long omitted = line.intervalsTotal() - intervals.size();
      if (omitted > 0) {
        rows.add(part("  … and " + omitted + " before", "", "", "", ""));
      }
      for (Invoice.Interval interval : intervals) {
        rows.add(
            part(
                "",
                TIME.format(interval.start()),
                end(interval.end()),
                interval.units() == null
                    ? Long.toString(interval.seconds())
                    : interval.units() + unit(line).suffix(),
                minimum(interval.minimumSeconds())));
      }
    }
    return rows;
  }

  private static Unit unit(Invoice.Line line) {
    return Meter.named(line.meter()).unit();
  }

  private static String quantity(Invoice.Line line) {
    return line.units() == null
        ? Long.toString(line.seconds())
        : line.units() + unit(line).suffix();
  }

  private static List<String> part(
      String note, String start, String end, String seconds, String minimum) {
    return List.of(note, "", "", start, end, seconds, minimum, "", "", "");
  }

  private static List<List<String>> sums(Invoice invoice) {
    List<List<String>> rows = new ArrayList<>();
    for (Invoice.Subtotal subtotal : invoice.subtotals()) {
      rows.add(
          sum(
              "Subtotal " + subtotal.service(),
              Long.toString(subtotal.seconds()),
              subtotal.exactAmount(),
              subtotal.amount()));
    }
    rows.add(sum("Rounding", "", invoice.rounding(), ""));
    if (!invoice.net().equals(invoice.total())) {
      rows.add(sum("Before tax", "", "", invoice.net()));
      rows.add(sum(invoice.taxName(), "", "", invoice.tax()));
    }
    rows.add(sum("Total", "", "", invoice.total()));
    if (!invoice.total().equals(invoice.due())) {
      rows.add(sum("Paid from credit", "", "", "-" + invoice.credit()));
      rows.add(sum("Due", "", "", invoice.due()));
    }
    return rows;
  }

  private static List<String> sum(String title, String seconds, String exact, String amount) {
    return List.of(title, "", "", "", "", seconds, "", "", exact, amount);
  }

  private static String end(@Nullable Instant end) {
    return end == null ? "running" : TIME.format(end);
  }

  private static String minimum(long seconds) {
    return seconds == 0 ? "" : "+" + seconds;
  }

  private static String shortened(@Nullable String name) {
    if (name == null) {
      return "";
    }
    String shown = printable(name);
    return shown.codePointCount(0, shown.length()) <= NAME_MAX
        ? shown
        : shown.substring(0, shown.offsetByCodePoints(0, NAME_MAX - 1)) + "…";
  }

  private static String printable(String name) {
    return name.codePoints()
        .map(point -> isPrintable(point) ? point : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private static int[] widths(
      List<Column> columns, List<List<String>> lines, List<List<String>> sums) {
    int[] widths = columns.stream().mapToInt(column -> column.title().length()).toArray();
    for (List<List<String>> rows : List.of(lines, sums)) {
      for (List<String> row : rows) {
        for (int i = 0; i < widths.length; i++) {
          widths[i] = Math.max(widths[i], length(row.get(i)));
        }
      }
    }
    return widths;
  }

  private static void append(
      StringBuilder text, List<Column> columns, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - length(cells.get(i)));
      line.append(i == 0 ? "" : GAP);
      switch (columns.get(i).align()) {
        case LEFT -> line.append(cells.get(i)).append(padding);
        case RIGHT -> line.append(padding).append(cells.get(i));
      }
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private static void rule(StringBuilder text, int[] widths) {
    int width = GAP.length() * (widths.length - 1);
    for (int each : widths) {
      width += each;
    }
    text.append("-".repeat(width)).append('\n');
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
