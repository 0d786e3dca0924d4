package brume.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Seeds;
import brume.billing.invoice.Invoice;
import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.Rates;
import brume.billing.rating.Period;
import brume.billing.terms.AccountTerms;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever was used, at whatever prices and terms: each issued invoice keeps FOCUS' rules, and its
/// rows add up to it.
class FocusDbTest {
  @Test
  void anyInvoiceKeepsTheRulesAndAddsUp() {
    Random models = new Random(5);
    BillingFixture billing =
        new BillingFixture(
            book("first", "2026-01-01T00:00:00Z", "2026-10-15T12:00:00Z", models),
            book("second", "2026-10-15T12:00:00Z", null, models));
    Seeds.each(
        4,
        random -> {
          billing.clear();
          billing.terms.put(
              "000000000001",
              new AccountTerms("FR", "consumer", null, "UTC", 30, 333, 500_000_000));
          List<Transition> log =
              new LogGenerator(
                      random,
                      Instant.parse("2026-09-25T00:00:00Z"),
                      Instant.parse("2026-10-31T00:00:00Z"))
                  .generate(120);
          // The first half is known when September closes: the other one also corrects it.
          billing.append(log.subList(0, 60));
          billing.meterAll(50);
          billing.close.close(Period.of(YearMonth.of(2026, 9)));
          billing.append(log.subList(60, log.size()));
          billing.meterAll(50);
          billing.close.close(Period.of(YearMonth.of(2026, 10)));
          int invoices = 0;
          for (String account : List.of("000000000001", "000000000002", "000000000003")) {
            for (Invoice invoice : billing.issued.of(account)) {
              invoices++;
              List<NamedCsvRecord> rows = rows(billing, invoice);
              assertThat(FocusRules.faults(rows)).isEmpty();
              assertThat(
                      rows.stream()
                          .map(row -> new BigDecimal(row.getField("BilledCost")))
                          .reduce(BigDecimal.ZERO, BigDecimal::add))
                  .isEqualByComparingTo(invoice.total());
            }
          }
          assertThat(invoices).isPositive();
        });
  }

  private static PriceBook book(String id, String from, String to, Random models) {
    return new PriceBook(
        id,
        "USD",
        Instant.parse(from),
        to == null ? null : Instant.parse(to),
        List.of(
            new Price(Meter.INSTANCE_SECONDS, Books.NANO, Rates.any(models), 60),
            new Price(Meter.INSTANCE_SECONDS, Books.SMALL, Rates.any(models), 1)));
  }

  private static List<NamedCsvRecord> rows(BillingFixture billing, Invoice invoice) {
    StringWriter csv = new StringWriter();
    FocusCsv.write(invoice, billing.issued, csv);
    return CsvReader.builder().ofNamedCsvRecord(csv.toString()).stream().toList();
  }

  /// The rules find what is against them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BilledCost=             | BilledCost must not be null
          BilledCost=1e3          | is no Decimal
          BillingCurrency=$       | is no Currency
          ChargeCategory=Rent     | is no Usage,Purchase
          ChargeFrequency=        | ChargeFrequency must not be null
          ChargePeriodStart=2026-10-01 | is no Time
          ChargePeriodEnd=2026-10-01T00:00:00Z | is exclusive and must be after
          ChargePeriodStart=2026-09-01T00:00:00Z | must be a Correction
          PricingQuantity=3       | times PricingQuantity must be ListCost
          PricingQuantity=        | PricingQuantity must be there for what is sold
          ConsumedQuantity=       | ConsumedQuantity must be there for usage
          ChargeCategory=Tax      | PricingQuantity must be null for a tax
          ResourceId=             | ResourceName must be null without ResourceId
          ResourceName=null       | is no String
          ListUnitPrice=-1        | is no Price
          ServiceCategory=Guests  | is no AI
          Tags=a                  | is no Json
          InvoiceDetailId=        | InvoiceDetailId must not be null
          HostProviderName=       | HostProviderName must not be null
          """)
  void theRulesFindWhatIsAgainstThem(String change, String fault) {
    List<String> header = Stream.of(FocusRows.Column.values()).map(Enum::name).toList();
    String row =
        """
        2,a,n,USD,2026-11-01T00:00:00Z,2026-10-01T00:00:00Z,Usage,,d,Usage-Based,2026-10-02T00:00:00Z,\
        2026-10-01T00:00:00Z,3600,Seconds,2,1,2,Brume,l,i,Brume,2,1,Standard,2,Hours,r,n,t,Compute,s,\
        Brume,k,m,p,{},l,\
        """;
    assertThat(faults(header, List.of(row.split(",", -1)))).isEmpty();
    String[] parts = change.split("=", -1);
    List<String> cells = new java.util.ArrayList<>(List.of(row.split(",", -1)));
    cells.set(header.indexOf(parts[0]), parts[1]);
    assertThat(faults(header, cells)).anyMatch(each -> each.contains(fault));
  }

  private static List<String> faults(List<String> header, List<String> cells) {
    String csv = String.join(",", header) + "\n" + String.join(",", cells) + "\n";
    return FocusRules.faults(CsvReader.builder().ofNamedCsvRecord(csv).stream().toList());
  }
}
