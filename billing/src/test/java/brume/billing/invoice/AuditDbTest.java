package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Seeds;
import brume.billing.meter.Transition;
import brume.billing.rating.Period;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Two ways to the same money: usage records through SQL, and the raw log through a running sum.
class AuditDbTest {
  private static final Instant FROM = Instant.parse("2026-10-25T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-11-22T12:00:00Z");

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

  private static void agree(BillingFixture billing, YearMonth month, Instant asOf) {
    UsageAudit.Verdict verdict = billing.audit.check(Period.of(month), asOf);
    assertThat(verdict.differences()).isEmpty();
  }
}
