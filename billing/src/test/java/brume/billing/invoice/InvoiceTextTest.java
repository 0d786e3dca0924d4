package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.rating.Period;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The table that people read, against golden files. `-Dbrume.golden=write` writes them anew.
class InvoiceTextTest {
  private static final Period NOVEMBER = Period.of(YearMonth.of(2026, 11));

  @ParameterizedTest
  @ValueSource(strings = {"invoice", "empty-invoice"})
  void theTableIsAsItWasAgreed(String name) throws IOException {
    String text = InvoiceText.of(name.equals("invoice") ? invoice() : empty());
    if ("write".equals(System.getProperty("brume.golden"))) {
      Files.writeString(Path.of("src/test/resources/golden/" + name + ".txt"), text);
    }
    try (InputStream golden = getClass().getResourceAsStream("/golden/" + name + ".txt")) {
      assertThat(text).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void noControlCharacterReachesATerminal() {
    assertThat(InvoiceText.of(invoice()).replace("\n", "").chars())
        .noneMatch(Character::isISOControl);
  }

  private static Invoice draft(
      String account,
      @Nullable String name,
      Instant asOf,
      List<Invoice.Line> lines,
      List<Invoice.Subtotal> subtotals,
      String exactTotal,
      String rounding,
      String total) {
    return new Invoice(
        null,
        null,
        account,
        name,
        Invoice.DRAFT,
        NOVEMBER,
        asOf,
        null,
        null,
        null,
        null,
        "UTC",
        null,
        "USD",
        lines,
        List.of(),
        subtotals,
        exactTotal,
        rounding,
        total,
        "No tax",
        "0.00",
        total,
        "0.00",
        total,
        null);
  }

  private static Invoice empty() {
    return draft(
        "000000000002",
        null,
        Instant.parse("2026-11-01T00:00:00Z"),
        List.of(),
        List.of(),
        "0.000000",
        "0.000000",
        "0.00");
  }

  private static Invoice invoice() {
    Instant start = Instant.parse("2026-11-15T11:59:50Z");
    Instant change = Instant.parse("2026-11-15T12:00:00Z");
    return draft(
        "000000000001",
        "default",
        Instant.parse("2026-11-22T12:00:00Z"),
        List.of(
            line("i-00000000000000001", "web", start, change, 10, 0, "0.000011", "0.00", 1),
            line("i-00000000000000001", "web", change, null, 605500, 1, "0.672779", "0.67", 120),
            line(
                "i-00000000000000002",
                "a name\u001b[31m that is long",
                start,
                change,
                10,
                50,
                "0.000067",
                "0.00",
                1)),
        List.of(new Invoice.Subtotal("Instances", 605571, "0.672857", "0.67")),
        "0.672857",
        "-0.002857",
        "0.67");
  }

  private static Invoice.Line line(
      String resource,
      String name,
      Instant start,
      Instant end,
      long seconds,
      long minimum,
      String exact,
      String amount,
      long intervals) {
    return new Invoice.Line(
        "line-00000000000000000",
        "Instances",
        resource,
        name,
        "instance-seconds",
        "e1.nano",
        "2026-01",
        start,
        end,
        seconds,
        minimum,
        null,
        null,
        null,
        "0.004000",
        null,
        exact,
        amount,
        List.of(
            new Invoice.Interval(
                "use-0000000000000001", start, start.plusMillis(0), 0, minimum, null),
            new Invoice.Interval("use-0000000000000002", start, end, seconds, 0, null)),
        intervals);
  }
}
