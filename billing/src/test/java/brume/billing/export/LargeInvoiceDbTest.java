package brume.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.Logs;
import brume.billing.invoice.Invoice;
import brume.billing.rating.Period;
import brume.db.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// An invoice with as many lines as there may be, written in each form by a JVM whose heap could
/// not hold it.
class LargeInvoiceDbTest {
  private static final String HEAP = "-Xmx32m";

  @Test
  void anInvoiceOfAHundredThousandLinesIsWrittenInASmallHeap()
      throws IOException, InterruptedException {
    BillingFixture billing = new BillingFixture(Books.plain());
    billing.append(Logs.parse("1 RUNNING 2026-10-05T10:00:00; 1 GONE 2026-10-05T11:00:00"));
    billing.meterAll(10);
    billing.close.close(Period.of(YearMonth.of(2026, 10)));
    Invoice invoice = billing.issued.of(Logs.ACCOUNT).getFirst();
    billing.owner.update(
        """
        ALTER TABLE billing.invoice_line DISABLE TRIGGER USER;
        INSERT INTO billing.invoice_line (invoice_id, ordinal, line_id, kind, title, service,
          resource_id, resource_name, tags, meter, sku, price_book_id, start_at, end_at, seconds,
          minimum_seconds, micros, portions, intervals, parts, exact, amount, units)
        SELECT invoice_id, n, 'line-' || lpad(to_hex(n), 17, '0'), kind, title, service,
          'i-' || lpad(to_hex(n), 17, '0'), 'worker ' || n, tags, meter, sku, price_book_id,
          start_at, end_at, seconds, minimum_seconds, micros, portions, intervals, parts, exact,
          amount, units
        FROM billing.invoice_line, generate_series(2, 100000) n WHERE ordinal = 1
        """);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapExport.class.getName(),
                billing.database.url(),
                TestDatabase.PASSWORD,
                invoice.id())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(child.exitValue()).as(said).isZero();
    List<String> sizes = said.lines().filter(line -> line.startsWith("wrote ")).toList();
    assertThat(sizes).hasSize(5);
    long json = Long.parseLong(sizes.getFirst().split(" ")[2]);
    assertThat(json).as("more than the heap").isGreaterThan(32L << 20);
  }
}
