package brume.billing.export;

import brume.billing.export.FocusRows.Column;
import brume.billing.invoice.Invoice;
import brume.billing.invoice.IssuedInvoices;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// [FocusRows] as a table: null is an empty field, times end in `Z`.
public final class FocusCsv {
  private FocusCsv() {}

  public static void write(Invoice invoice, IssuedInvoices invoices, Writer out) {
    CsvWriter csv = CsvWriter.builder().bufferSize(0).build(out);
    csv.writeRecord(List.of(Column.values()).stream().map(Column::name).toList());
    FocusRows.each(invoice, invoices, row -> csv.writeRecord(cells(row)));
  }

  private static List<String> cells(Map<Column, Object> row) {
    return Stream.of(Column.values())
        .map(column ->
            switch (row.get(column)) {
              case null -> "";
              case BigDecimal number -> number.toPlainString();
              case Object value -> value.toString();
            })
        .toList();
  }
}
