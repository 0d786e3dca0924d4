package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Seeds;
import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.Rates;
import brume.billing.rating.Period;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Two ways to the same money: usage records through SQL, and the raw log through a running sum.
class AuditDbTest {
  private static final Instant FROM = Instant.parse("2026-10-25T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant CHANGE = Instant.parse("2026-11-07T03:00:00Z");

  @Test
  void usageAndTransitionsCostTheSameToTheLastPart() {
    BillingFixture billing = new BillingFixture(Books.changing());
    Seeds.each(
        20,
        random -> {
          billing.clear();
          List<Transition> log =
              new LogGenerator(random, FROM, TO).generate(20 + random.nextInt(180));
          billing.append(log);
          int batch = 1 + random.nextInt(40);
          while (billing.meter.advance(batch).read() > 0) {
            if (random.nextInt(20) == 0) { // in the middle of the log too
              agree(billing, YearMonth.of(2026, 11), TO);
            }
          }
          for (int month : new int[] {9, 10, 11, 12}) {
            agree(billing, YearMonth.of(2026, month), TO);
          }
          agree(billing, YearMonth.of(2026, 11), TO.plusSeconds(4_000_000));
        });
  }

  /// Allowances and tiers are shared by an account's resources; the lines and the whole agree.
  @Test
  void everyPriceModelAddsUp() {
    Seeds.each(
        6,
        random -> {
          BillingFixture billing =
              new BillingFixture(
                  book("a", FROM.minusSeconds(90_000_000), CHANGE, random),
                  book("b", CHANGE, null, random));
          billing.append(new LogGenerator(random, FROM, TO).generate(150));
          billing.meterAll(100);
          for (int month : new int[] {10, 11}) {
            agree(billing, YearMonth.of(2026, month), TO);
          }
          for (String account : List.of("000000000001", "000000000002", "000000000003")) {
            InvoiceDbTest.addsUp(
                billing.invoices.draft(account, null, Period.of(YearMonth.of(2026, 11)), TO));
          }
        });
  }

  private static PriceBook book(
      String id, Instant from, @Nullable Instant to, RandomGenerator random) {
    return new PriceBook(
        id,
        "USD",
        from,
        to,
        List.of(
            new Price(
                Meter.INSTANCE_SECONDS, Books.NANO, Rates.any(random), 1 + random.nextInt(90)),
            new Price(Meter.INSTANCE_SECONDS, Books.SMALL, Rates.any(random), 1)));
  }

  private static void agree(BillingFixture billing, YearMonth month, Instant asOf) {
    UsageAudit.Verdict verdict = billing.audit.check(Period.of(month), asOf);
    assertThat(verdict.differences()).isEmpty();
    assertThat(verdict.wronglyRated()).isEmpty();
  }
}
