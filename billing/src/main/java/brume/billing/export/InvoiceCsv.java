package brume.billing.export;

import brume.billing.invoice.Invoice;
import brume.billing.invoice.IssuedInvoices;
import brume.billing.invoice.IssuedLine;
import brume.billing.meter.Meter;
import brume.billing.rating.Rounding;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An invoice's lines as a table for a spreadsheet, written as they are read. Text that a
/// spreadsheet would take for a formula is shown as text.
public final class InvoiceCsv {
  private static final String[] COLUMNS = {
    "invoice",
    "line",
    "kind",
    "title",
    "service",
    "resource_id",
    "resource_name",
    "meter",
    "sku",
    "price_book",
    "start",
    "end",
    "seconds",
    "minimum_seconds",
    "unit_price",
    "exact_amount",
    "amount",
    "currency",
    "corrects",
    "units",
    "unit",
    "units_per_price"
  };

  private InvoiceCsv() {}

  public static void write(Invoice invoice, IssuedInvoices invoices, Writer out) {
    CsvWriter csv = CsvWriter.builder().bufferSize(0).build(out);
    csv.writeRecord(COLUMNS);
    invoices.lines(
        Objects.requireNonNull(invoice.id()), line -> csv.writeRecord(row(invoice, line)));
    csv.writeRecord(
        Stream.of(
                invoice.numberText(),
                "",
                "rounding",
                "Rounding",
                "",
                "",
                "",
                "",
                "",
                "",
                invoice.period().start(),
                invoice.period().end(),
                "",
                "",
                "",
                invoice.rounding(),
                "",
                invoice.currency(),
                "",
                "",
                "",
                "")
            .map(String::valueOf)
            .toArray(String[]::new));
    csv.writeRecord(
        Stream.of(
                invoice.numberText(),
                "",
                "tax",
                invoice.taxName(),
                "",
                "",
                "",
                "",
                "",
                "",
                invoice.period().start(),
                invoice.period().end(),
                "",
                "",
                "",
                "",
                invoice.tax(),
                invoice.currency(),
                "",
                "",
                "",
                "")
            .map(String::valueOf)
            .toArray(String[]::new));
  }

  private static String[] row(Invoice invoice, IssuedLine line) {
    boolean usage = line.isUsage();
    return new String[] {
      invoice.numberText(),
      line.id(),
      line.kind(),
      text(line.title()),
      text(line.service()),
      text(line.resourceId()),
      text(line.resourceName()),
      text(line.meter()),
      text(line.sku()),
      text(line.priceBookId()),
      line.start().toString(),
      line.end().toString(),
      usage ? Long.toString(line.seconds()) : "",
      usage ? Long.toString(line.minimumSeconds()) : "",
      usage ? unitPrice(line.shownMicros()) : "",
      line.exact().toPlainString(),
      line.amount().toPlainString(),
      invoice.currency(),
      text(line.corrects()),
      usage ? Long.toString(line.units()) : "",
      usage ? meter(line).unit().title() : "",
      usage ? Long.toString(meter(line).unitsPerPrice()) : ""
    };
  }

  private static Meter meter(IssuedLine line) {
    return Meter.named(Objects.requireNonNull(line.meter()));
  }

  static String unitPrice(long micros) {
    return BigDecimal.valueOf(micros, Rounding.EXACT_DECIMALS).toPlainString();
  }

  static String text(@Nullable String value) {
    if (value == null) {
      return "";
    }
    boolean formula = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0;
    return formula ? "'" + value : value;
  }
}
