package brume.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.Logs;
import brume.billing.invoice.Invoice;
import brume.billing.meter.Meter;
import brume.billing.pricing.Graduated;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.Tier;
import brume.billing.rating.Period;
import brume.billing.terms.AccountTerms;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;
import tools.jackson.databind.json.JsonMapper;

/// One issued invoice with tiers, a discount, a tax and a correction, in every form: each adds up
/// to the same.
class ExportDbTest {
  private static final List<String> MANDATORY =
      List.of(
          "BilledCost",
          "BillingAccountId",
          "BillingAccountName",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "ChargeCategory",
          "ChargeClass",
          "ChargeDescription",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "ContractedCost",
          "EffectiveCost",
          "InvoiceIssuerName",
          "ListCost",
          "PricingQuantity",
          "PricingUnit",
          "HostProviderName",
          "ServiceProviderName",
          "ServiceCategory",
          "ServiceName");

  /// Those of them that may be null, where the charge has none.
  private static final Set<String> NULLABLE =
      Set.of("ChargeClass", "PricingQuantity", "PricingUnit");

  private static BillingFixture billing;
  private static Invoice invoice;

  @BeforeAll
  static void issue() {
    billing =
        new BillingFixture(
            new PriceBook(
                "tiers",
                "USD",
                Instant.parse("2026-01-01T00:00:00Z"),
                null,
                List.of(
                    new Price(
                        Meter.INSTANCE_SECONDS,
                        Books.NANO,
                        new Graduated(List.of(new Tier(0, 4_000_000), new Tier(50_000, 2_999_999))),
                        60))));
    billing.owner.update(
        "INSERT INTO compute.account VALUES (?, 'Élan \u0141odzi', 10, 10, 10000, now())",
        Logs.ACCOUNT);
    billing.owner.update(
        """
        INSERT INTO compute.instance (id, account_id, reservation_id, launch_index, name, image_id,
          instance_type, vcpu, memory_mib, baseline_percent, intent, created_at, intent_at)
        VALUES (?, ?, 'r-00000000000000001', 0, '=HYPERLINK("x")', 'ami-00000000000000001',
          'e1.nano', 1, 128, 5, 'RUN', now(), now())
        """,
        Logs.RESOURCE,
        Logs.ACCOUNT);
    billing.owner.update(
        "INSERT INTO compute.instance_tag VALUES (?, 'team', 'blue')", Logs.RESOURCE);
    billing.terms.put(
        Logs.ACCOUNT, new AccountTerms("FR", "consumer", "FR1", "Europe/Paris", 30, 333, 0));
    List<brume.billing.meter.Transition> log =
        Logs.parse(
            "1 RUNNING 2026-09-30T20:00:00; 1 FAILED 2026-09-30T21:00:07;"
                + "2 RUNNING 2026-10-02T10:00:00; 2 GONE 2026-10-02T20:00:00;"
                + "3 RUNNING 2026-10-03T10:00:00; 3 GONE 2026-10-03T18:34:56;"
                + "4 RUNNING 2026-10-04T10:00:00; 4 GONE 2026-10-04T10:00:00.5");
    billing.append(log.subList(0, 1));
    billing.meterAll(10);
    billing.close.close(Period.of(YearMonth.of(2026, 9)));
    billing.append(log.subList(1, log.size()));
    billing.meterAll(10);
    billing.close.close(Period.of(YearMonth.of(2026, 10)));
    invoice = billing.issued.of(Logs.ACCOUNT).getFirst();
  }

  private static List<NamedCsvRecord> read(StringWriter csv) {
    return CsvReader.builder().ofNamedCsvRecord(csv.toString()).stream().toList();
  }

  private static BigDecimal sum(List<NamedCsvRecord> rows, Function<NamedCsvRecord, String> cell) {
    return rows.stream()
        .map(cell)
        .filter(text -> !text.isEmpty())
        .map(BigDecimal::new)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void theInvoiceHasAllKindsOfLines() {
    Invoice whole = billing.issued.whole(invoice);
    assertThat(whole.lines()).hasSize(1);
    assertThat(whole.lines().getFirst().portions()).hasSize(2);
    assertThat(whole.adjustments())
        .extracting(Invoice.Adjustment::kind)
        .containsExactly("discount", "correction");
    assertThat(new BigDecimal(whole.tax())).isPositive();
  }

  /// What the proof is tested with. `-Dbrume.golden=write` writes it anew.
  @Test
  void theFileThatIsVerifiedIsAsItWas() throws IOException {
    String json =
        JsonMapper.shared()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(billing.issued.whole(invoice))
            + "\n";
    Path golden = Path.of("src/test/resources/golden/issued-invoice.json");
    if ("write".equals(System.getProperty("brume.golden"))) {
      Files.writeString(golden, json);
    }
    assertThat(json).isEqualTo(Files.readString(golden));
  }

  @Test
  void whatIsWrittenLineByLineIsTheWhole() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    InvoiceJson.write(invoice, billing.issued, out);
    assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(JsonMapper.shared().writeValueAsString(billing.issued.whole(invoice)));
  }

  @Test
  void theTableAddsUpAndHoldsNoFormula() {
    StringWriter csv = new StringWriter();
    InvoiceCsv.write(invoice, billing.issued, csv);
    List<NamedCsvRecord> rows = read(csv);
    assertThat(rows)
        .extracting(row -> row.getField("kind"))
        .containsExactly("usage", "discount", "correction", "rounding", "tax");
    assertThat(sum(rows, row -> row.getField("amount"))).isEqualByComparingTo(invoice.total());
    assertThat(sum(rows, row -> row.getField("exact_amount"))).isEqualByComparingTo(invoice.net());
    assertThat(rows.getFirst().getField("resource_name")).isEqualTo("'=HYPERLINK(\"x\")");
  }

  @Test
  void focusHasItsColumnsWithTheirTypes() {
    List<NamedCsvRecord> rows = focus();
    assertThat(rows.getFirst().getHeader()).containsAll(MANDATORY);
    assertThat(rows.getFirst().getHeader()).allMatch(name -> name.matches("(x_)?[A-Z][A-Za-z]*"));
    for (NamedCsvRecord row : rows) {
      for (String name : MANDATORY) {
        if (!NULLABLE.contains(name)) {
          assertThat(row.getField(name)).as(name).isNotEmpty();
        }
      }
      for (String name : row.getHeader()) {
        String value = row.getField(name);
        assertThat(value.toLowerCase(java.util.Locale.ROOT))
            .as("no placeholder")
            .isNotIn("null", "n/a", "none", "-");
        if (name.endsWith("Start") || name.endsWith("End")) {
          assertThat(value).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        }
        if (name.endsWith("Cost") || (name.endsWith("Price") && !value.isEmpty())) {
          assertThat(value).matches("-?\\d+(\\.\\d+)?");
        }
      }
      assertThat(row.getField("ChargePeriodEnd")).isGreaterThan(row.getField("ChargePeriodStart"));
      assertThat(row.getField("ChargeCategory"))
          .isIn("Usage", "Purchase", "Tax", "Credit", "Adjustment");
      assertThat(row.getField("ChargeClass")).isIn("", "Correction");
    }
  }

  @Test
  void focusAddsUpToTheInvoiceAndPriceTimesQuantityIsTheListCost() {
    List<NamedCsvRecord> rows = focus();
    assertThat(rows)
        .extracting(row -> row.getField("InvoiceId"))
        .containsOnly(invoice.numberText());
    assertThat(sum(rows, row -> row.getField("BilledCost"))).isEqualByComparingTo(invoice.total());
    Set<String> charged = new HashSet<>();
    int priced = 0;
    for (NamedCsvRecord row : rows) {
      String quantity = row.getField("PricingQuantity");
      if (!quantity.isEmpty()) {
        priced++;
        BigDecimal product =
            new BigDecimal(row.getField("ListUnitPrice")).multiply(new BigDecimal(quantity));
        assertThat(product).isEqualByComparingTo(row.getField("ListCost"));
        assertThat(product.subtract(new BigDecimal(row.getField("BilledCost"))).abs())
            .isLessThan(new BigDecimal("0.000002"));
        assertThat(charged.add(row.getField("ResourceId") + row.getField("SkuPriceId")))
            .as("no period charged twice for a resource and price")
            .isTrue();
        assertThat(row.getField("Tags")).isEqualTo("{\"team\": \"blue\"}");
      }
    }
    assertThat(priced).as("one row for each tier").isEqualTo(2);
  }

  private static List<NamedCsvRecord> focus() {
    StringWriter csv = new StringWriter();
    FocusCsv.write(invoice, billing.issued, csv);
    return read(csv);
  }

  /// To be looked at: `target/invoice.pdf`.
  @Test
  void paperSaysWhoPaysWhatUntilWhen() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    InvoicePdf.write(invoice, billing.issued, out);
    Files.write(Path.of("target", "invoice.pdf"), out.toByteArray());
    String text = new PdfTextExtractor(new PdfReader(out.toByteArray())).getTextFromPage(1);
    assertThat(text)
        .contains(invoice.numberText())
        .contains("Élan \u0141odzi")
        .contains("Before tax", "VAT 20 %", "Discount of 3.33 %", "Correction of 2026-09")
        .contains(invoice.due() + " USD")
        .contains("22 December 2026")
        .contains("Europe/Paris")
        .contains(Objects.requireNonNull(Logs.RESOURCE));
  }
}
