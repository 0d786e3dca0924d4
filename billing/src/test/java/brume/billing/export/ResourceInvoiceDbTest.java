package brume.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Logs;
import brume.billing.ResourceLogs;
import brume.billing.invoice.CostQueries;
import brume.billing.invoice.CostSummary;
import brume.billing.invoice.Explanation;
import brume.billing.invoice.Invoice;
import brume.billing.invoice.InvoiceText;
import brume.billing.invoice.IssuedLine;
import brume.billing.invoice.Usage;
import brume.billing.invoice.UsagePage;
import brume.billing.meter.Transition;
import brume.billing.pricing.PriceBookYaml;
import brume.billing.rating.Period;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Storage, addresses and traffic beside an instance, by the first book's prices, from the draft to
/// the correction.
class ResourceInvoiceDbTest {
  private static final Period OCTOBER = Period.of(YearMonth.of(2026, 10));
  private static final Instant NOVEMBER_20 = Instant.parse("2026-11-20T00:00:00Z");
  private static final BillingFixture BILLING = new BillingFixture();

  static {
    try (InputStream book =
        ResourceInvoiceDbTest.class.getResourceAsStream("/prices/2026-01.yaml")) {
      BILLING.prices.publish(
          PriceBookYaml.read(new String(book.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @BeforeEach
  void use() {
    BILLING.clear();
    BILLING.append(Logs.parse("1 RUNNING 2026-10-05T10:00:00; 1 GONE 2026-10-05T11:00:00"));
    append(
        0,
        """
        vol-1 volume gp3 10240 05T00:00:00
        vol-1 volume gp3 20480 06T00:00:00
        eip-1 address ipv4 1 05T00:00:00
        i-9 traffic internet 0 05T00:00:00
        i-9 traffic internet 3221225472 05T12:00:00
        eip-1 address ipv4 - 07T00:00:00
        i-9 traffic internet -3221225472 08T00:00:00\
        """);
    BILLING.meterAll(100);
  }

  /// Those of October.
  private static void append(long after, String log) {
    List<Transition> moved = new ArrayList<>();
    for (Transition each : ResourceLogs.parse(log)) {
      moved.add(
          new Transition(
              each.seq() + after,
              each.kind(),
              each.resourceId(),
              each.epoch(),
              each.accountId(),
              each.sku(),
              each.state(),
              Instant.parse(each.at().toString().replace("2026-11-", "2026-10-")),
              each.size()));
    }
    BILLING.appendResources(moved);
  }

  private static Invoice issued() {
    assertThat(BILLING.close.close(OCTOBER).issued()).isEqualTo(1);
    return BILLING.issued.of(Logs.ACCOUNT).getFirst();
  }

  @Test
  void eachServiceHasItsLineAndTheInvoiceIsProven() {
    Invoice head = issued();
    Invoice whole = BILLING.issued.whole(head);
    assertThat(whole.lines())
        .extracting(each -> each.service() + " " + each.exactAmount())
        .containsExactly(
            "Addresses 0.240000",
            "Data transfer 0.270000",
            "Volumes 1.399200",
            "Instances 0.004000");
    assertThat(whole.certificate().resourcesThroughSeq()).isEqualTo(7);
    assertThat(InvoiceProof.faults(JsonMapper.shared().valueToTree(whole))).isEmpty();
    StringWriter csv = new StringWriter();
    FocusCsv.write(head, BILLING.issued, csv);
    List<NamedCsvRecord> rows =
        CsvReader.builder().ofNamedCsvRecord(csv.toString()).stream().toList();
    assertThat(FocusRules.faults(rows)).isEmpty();
    assertThat(rows)
        .extracting(row ->
            row.getField("ServiceCategory")
                + " "
                + row.getField("PricingQuantity")
                + " "
                + row.getField("PricingUnit"))
        .startsWith("Networking 48 Hours", "Networking 3 GiB", "Storage 12720 GiB-Hours");
  }

  /// On paper too, a line's units are there with its price.
  @Test
  void whatIsPrintedCanBeWorkedOut() {
    Invoice head = issued();
    assertThat(InvoiceText.of(BILLING.issued.whole(head)))
        .containsPattern("vol-1 +gp3 .* 46891008000 MiB s +0.000110/GiB h +1.399200")
        .containsPattern("i-9 +internet .* 3221225472 B +0.090000/GiB +0.270000")
        .containsPattern("eip-1 +ipv4 .* 172800 +0.005000 +0.240000");
    StringWriter csv = new StringWriter();
    InvoiceCsv.write(head, BILLING.issued, csv);
    for (NamedCsvRecord row :
        CsvReader.builder().ofNamedCsvRecord(csv.toString()).stream().toList()) {
      if (row.getField("kind").equals("usage")) {
        assertThat(
                new BigDecimal(row.getField("units"))
                    .multiply(new BigDecimal(row.getField("unit_price")))
                    .divide(
                        new BigDecimal(row.getField("units_per_price")), 6, RoundingMode.HALF_EVEN))
            .isEqualByComparingTo(row.getField("exact_amount"));
      }
    }
  }

  @Test
  void aLineIsWalkedBackToItsOwnLog() {
    Invoice head = issued();
    List<IssuedLine> lines = new ArrayList<>();
    BILLING.issued.lines(head.id(), lines::add);
    IssuedLine volume =
        lines.stream().filter(line -> "vol-1".equals(line.resourceId())).findFirst().orElseThrow();
    Explanation explained = BILLING.explanations.ofIssued(head, volume).orElseThrow();
    assertThat(explained.changedSince()).isFalse();
    assertThat(explained.intervals()).hasSize(2);
    assertThat(explained.intervals().getFirst().opened().size()).isEqualTo(10240);
    assertThat(explained.intervals().getFirst().closed().size()).isEqualTo(20480);
    assertThat(explained.quantitySeconds()).isEqualTo(volume.units());
  }

  /// The volume was gone on the seventh, which is known after October closed.
  @Test
  void whatIsKnownLaterIsCorrected() {
    issued();
    append(7, "vol-1 volume gp3 -20480 07T00:00:00");
    BILLING.meterAll(100);
    Invoice draft =
        BILLING.invoices.draft(Logs.ACCOUNT, null, Period.of(YearMonth.of(2026, 11)), NOVEMBER_20);
    assertThat(draft.lines()).isEmpty();
    assertThat(draft.adjustments())
        .extracting(each -> each.resourceId() + " " + each.exactAmount())
        .containsExactly("vol-1 -1.320000");
  }

  @Test
  void daysAddUpToTheMonth() {
    Instant now = Instant.parse("2026-10-20T12:00:00Z");
    CostSummary days = BILLING.costs.summary(Logs.ACCOUNT, new CostQueries.Day(), "day", null, now);
    CostSummary services =
        BILLING.costs.summary(Logs.ACCOUNT, new CostQueries.Service(), "service", null, now);
    assertThat(days.exactTotal()).isEqualTo(services.exactTotal());
    assertThat(
            days.groups().stream()
                .map(each -> new BigDecimal(each.exactAmount()))
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo(days.exactTotal());
    assertThat(services.groups()).extracting(CostSummary.Group::key).contains("Volumes");
    assertThat(services.perHour()).as("20 GiB of a volume").isEqualTo("0.002200");
  }

  @Test
  void pagesOfUsageHaveEachRecordOnce() {
    List<String> ids = new ArrayList<>();
    long after = 0;
    while (true) {
      UsagePage page =
          BILLING.usage.page(Logs.ACCOUNT, OCTOBER.start(), OCTOBER.end(), NOVEMBER_20, after, 2);
      page.items().stream().map(Usage::id).forEach(ids::add);
      if (page.nextCursor() == null) {
        break;
      }
      after = Long.parseLong(page.nextCursor());
    }
    assertThat(ids).doesNotHaveDuplicates().hasSize(6);
  }
}
