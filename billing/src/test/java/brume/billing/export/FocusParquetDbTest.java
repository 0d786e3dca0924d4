package brume.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.ParquetReader;
import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.export.FocusRows.Column;
import brume.billing.invoice.Invoice;
import brume.billing.rating.Period;
import brume.billing.terms.AccountTerms;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type.Repetition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Parquet form read back by another's code says what the table says, with types.
class FocusParquetDbTest {
  @Test
  void theFileSaysWhatTheTableSays(@TempDir Path folder) throws IOException {
    BillingFixture billing = new BillingFixture(Books.changing());
    billing.terms.put(
        "000000000001", new AccountTerms("FR", "consumer", null, "UTC", 30, 333, 500_000_000));
    billing.append(
        new LogGenerator(
                new Random(7),
                Instant.parse("2026-10-02T00:00:00Z"),
                Instant.parse("2026-10-31T00:00:00Z"))
            .generate(150));
    billing.meterAll(50);
    billing.close.close(Period.of(YearMonth.of(2026, 10)));
    Invoice invoice = billing.issued.of("000000000001").getFirst();
    Path file = folder.resolve("focus.parquet");
    try (OutputStream out = Files.newOutputStream(file)) {
      FocusParquet.write(invoice, billing.issued, out);
    }
    StringWriter csv = new StringWriter();
    FocusCsv.write(invoice, billing.issued, csv);
    List<NamedCsvRecord> table =
        CsvReader.builder().ofNamedCsvRecord(csv.toString()).stream().toList();
    checkSchema(file);
    List<Map<String, Object>> rows = read(file.toFile());
    assertThat(rows).hasSameSizeAs(table).hasSizeGreaterThan(3);
    for (int i = 0; i < rows.size(); i++) {
      for (Column column : Column.values()) {
        assertThat(shown(column, rows.get(i).get(column.name())))
            .as("row %d %s", i, column)
            .isEqualTo(plain(column, table.get(i).getField(column.name())));
      }
    }
  }

  /// What must not be null is required.
  private static void checkSchema(Path file) throws IOException {
    MessageType schema = ParquetReader.readMetadata(file.toFile()).getFileMetaData().getSchema();
    assertThat(schema.getFieldCount()).isEqualTo(Column.values().length);
    assertThat(schema.getType("BilledCost").toString())
        .isEqualTo("required fixed_len_byte_array(16) BilledCost (DECIMAL(38,18))");
    assertThat(schema.getType("ChargePeriodEnd").toString())
        .isEqualTo("required int64 ChargePeriodEnd (TIMESTAMP(MILLIS,true))");
    assertThat(schema.getType("Tags").getRepetition()).isEqualTo(Repetition.OPTIONAL);
  }

  private static Object shown(Column column, Object value) {
    if (value == null) {
      return "";
    }
    return switch (column.type()) {
      case TEXT -> value;
      case TIME ->
          value instanceof Long millis ? Instant.ofEpochMilli(millis).toString() : value.toString();
      case DECIMAL -> new BigDecimal(value.toString()).stripTrailingZeros();
    };
  }

  private static Object plain(Column column, String cell) {
    return column.type() == FocusRows.Type.DECIMAL && !cell.isEmpty()
        ? new BigDecimal(cell).stripTrailingZeros()
        : cell;
  }

  private static List<Map<String, Object>> read(File file) throws IOException {
    Hydrator<Map<String, Object>, Map<String, Object>, String> hydrator =
        new Hydrator<>() {
          @Override
          public Map<String, Object> start() {
            return new HashMap<>();
          }

          @Override
          public Map<String, Object> add(Map<String, Object> row, String name, Object value) {
            row.put(name, value);
            return row;
          }

          @Override
          public Map<String, Object> finish(Map<String, Object> row) {
            return row;
          }
        };
    try (Stream<Map<String, Object>> rows =
        ParquetReader.streamContent(file, hydrator, path -> path[path.length - 1])) {
      return rows.toList();
    }
  }
}
