package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Logs;
import brume.billing.Seeds;
import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.Rates;
import brume.billing.rating.Period;
import brume.billing.terms.AccountTerms;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Accounts closed together: the same to the last digit as one by one, wherever a run is cut, a
/// month ends or a price changes.
class BulkDbTest {
  private static final List<String> ACCOUNTS =
      List.of("000000000001", "000000000002", "000000000003");

  /// A leap second, a leap day, the end of a year, and a plain month.
  private static final List<Instant> EDGES =
      List.of(
          Instant.parse("2017-01-01T00:00:00Z"),
          Instant.parse("2024-02-29T12:00:00Z"),
          Instant.parse("2024-03-01T00:00:00Z"),
          Instant.parse("2026-01-01T00:00:00Z"),
          Instant.parse("2026-10-01T00:00:00Z"));

  @Test
  void everyPriceModelAddsUpAtTheEdgesOfTime() {
    for (Instant edge : EDGES) {
      Seeds.each(
          2,
          random -> {
            Instant change = edge.plusSeconds(random.nextLong(-3_000, 3_000));
            try (BillingFixture billing =
                new BillingFixture(
                    book("a", edge.minusSeconds(90_000_000), change, random),
                    book("b", change, null, random))) {
              billing.append(
                  new LogGenerator(random, edge.minusSeconds(5_000), edge.plusSeconds(5_000))
                      .generate(120));
              billing.meterAll(1000);
              billing.terms.put(
                  ACCOUNTS.get(random.nextInt(3)),
                  new AccountTerms("FR", "consumer", null, "UTC", 30, random.nextInt(10_001), 0));
              cutSome(billing, random);
              YearMonth month = YearMonth.from(edge.atOffset(ZoneOffset.UTC));
              closesTheSame(billing, Period.of(month.minusMonths(1)));
              closesTheSame(billing, Period.of(month));
              assertThat(addsUp(billing)).isTrue();
            }
          });
    }
  }

  private static void closesTheSame(BillingFixture billing, Period period) {
    MonthClose.Outcome outcome = billing.close.close(period);
    assertThat(outcome.audit().differences()).isEmpty();
    assertThat(outcome.audit().wronglyRated()).isEmpty();
    List<String> together = rows(billing);
    forget(billing, period);
    UsageAudit.Through audited = outcome.audit().through();
    ACCOUNTS.forEach(account -> billing.store.issue(account, period, audited));
    assertThat(rows(billing)).isEqualTo(together);
  }

  /// As if the period had not been closed.
  private static void forget(BillingFixture billing, Period period) {
    billing.owner.execute("ALTER TABLE billing.invoice_line DISABLE TRIGGER lines_stay");
    billing.owner.execute("ALTER TABLE billing.invoice DISABLE TRIGGER guard_invoice");
    billing.owner.execute("ALTER TABLE billing.invoice_sum DISABLE TRIGGER sums_stay");
    billing.owner.update(
        """
        DELETE FROM billing.invoice_sum s USING billing.invoice i
        WHERE i.id = s.invoice_id AND i.period_start = ?::timestamptz
        """,
        period.start().toString());
    billing.owner.execute("ALTER TABLE billing.invoice_sum ENABLE TRIGGER sums_stay");
    billing.owner.update(
        """
        DELETE FROM billing.invoice_line l USING billing.invoice i
        WHERE i.id = l.invoice_id AND i.period_start = ?::timestamptz
        """,
        period.start().toString());
    billing.owner.update(
        "DELETE FROM billing.invoice WHERE period_start = ?::timestamptz",
        period.start().toString());
    billing.owner.update("DELETE FROM billing.invoice_number");
    billing.owner.update(
        """
        INSERT INTO billing.invoice_number
        SELECT account_id, max(number) FROM billing.invoice GROUP BY account_id
        """);
    billing.owner.execute("ALTER TABLE billing.invoice_line ENABLE TRIGGER lines_stay");
    billing.owner.execute("ALTER TABLE billing.invoice ENABLE TRIGGER guard_invoice");
  }

  /// Each record in two somewhere, as a move between nodes does.
  private static void cutSome(BillingFixture billing, RandomGenerator random) {
    billing.owner.update(
        """
        WITH cut AS (
          UPDATE billing.usage SET ends_run = false, closed_by = 'RUNNING',
            ended_at = started_at + make_interval(secs => floor(seconds * ?::float8))
          WHERE seconds > 1 AND opened_seq % 2 = ?
          RETURNING NEW.*, OLD.ended_at AS was_ended, OLD.ends_run AS was_end
        )
        INSERT INTO billing.usage (resource_id, meter, account_id, sku, epoch, run_started_at,
          started_at, ended_at, ends_run, closed_by, opened_seq, closed_seq, month)
        SELECT resource_id, meter, account_id, sku, epoch, run_started_at, ended_at, was_ended,
               was_end, 'GONE', opened_seq + 1000000, closed_seq + 1000000, month FROM cut
        """,
        random.nextDouble(), random.nextInt(2));
  }

  /// The lines of each invoice add up to it, exact and in coins.
  private static boolean addsUp(BillingFixture billing) {
    return Boolean.TRUE.equals(
        billing.jdbc.queryForObject(
            """
            SELECT NOT EXISTS (
              SELECT 1 FROM billing.invoice i
              LEFT JOIN LATERAL (
                SELECT sum(parts) AS parts, sum(exact) AS exact, sum(amount) AS amount, count(*) AS n
                FROM billing.invoice_line l WHERE l.invoice_id = i.id) l ON true
              WHERE (l.exact, l.amount, l.n) IS DISTINCT FROM (i.exact_total, i.net, i.lines::bigint))
            """,
            Boolean.class));
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

  private static List<String> rows(BillingFixture billing) {
    return billing.jdbc.queryForList(
        """
        SELECT i::text FROM billing.invoice i UNION ALL
        SELECT l::text FROM billing.invoice_line l ORDER BY 1
        """,
        String.class);
  }

  @Test
  void aRunThatFailsAtOneAccountGoesOnLater() {
    BillingFixture billing = new BillingFixture(Books.plain());
    billing.append(
        new LogGenerator(
                new java.util.Random(5),
                Instant.parse("2026-10-05T00:00:00Z"),
                Instant.parse("2026-10-06T00:00:00Z"))
            .generate(150));
    billing.meterAll(1000);
    Period october = Period.of(YearMonth.of(2026, 10));
    MonthClose close =
        new MonthClose(
            billing.jdbc,
            billing.snapshot,
            billing.audit,
            billing.statements,
            billing.store,
            billing.clock,
            Duration.ofHours(6),
            1);
    billing.owner.execute(
        """
        CREATE FUNCTION billing.fail() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN RAISE EXCEPTION ''a broken disk''; END';
        CREATE TRIGGER fail BEFORE INSERT ON billing.invoice FOR EACH ROW
          WHEN (NEW.account_id = '000000000002') EXECUTE FUNCTION billing.fail()
        """);
    assertThatThrownBy(() -> close.close(october)).hasStackTraceContaining("a broken disk");
    assertThat(billing.issued.of("000000000002")).isEmpty();
    assertThat(
            billing.jdbc.queryForObject(
                "SELECT count(*) FROM billing.invoice WHERE state = 'draft'", Integer.class))
        .isZero();
    billing.owner.execute("DROP TRIGGER fail ON billing.invoice");
    close.close(october);
    List<String> goneOn = rows(billing);
    billing.owner.execute(
        "TRUNCATE billing.credit_use, billing.invoice_line, billing.invoice_sum, billing.invoice,"
            + " billing.invoice_number");
    assertThat(billing.close.close(october).issued()).isGreaterThan(1);
    assertThat(rows(billing)).isEqualTo(goneOn);
  }

  /// However few resources are kept at once, the verdict is the same.
  @Test
  void anAuditInSeveralPassesSaysTheSame() {
    BillingFixture billing = new BillingFixture(Books.changing());
    UsageAudit narrow =
        new UsageAudit(billing.jdbc, billing.snapshot, List.of(billing.log), billing.statements, 2);
    Period november = Period.of(YearMonth.of(2026, 11));
    Seeds.each(
        6,
        random -> {
          billing.clear();
          billing.append(
              new LogGenerator(
                      random,
                      Instant.parse("2026-11-14T00:00:00Z"),
                      Instant.parse("2026-11-17T00:00:00Z"))
                  .generate(150));
          billing.meterAll(1000);
          UsageAudit.Verdict whole = billing.audit.check(november, BillingFixture.NOW);
          assertThat(narrow.check(november, BillingFixture.NOW)).isEqualTo(whole);
          assertThat(whole.agrees()).isTrue();
          billing.owner.update(
              "UPDATE billing.usage SET ended_at = ended_at - interval '1 second'"
                  + " WHERE seconds > 100");
          UsageAudit.Verdict wrong = billing.audit.check(november, BillingFixture.NOW);
          assertThat(narrow.check(november, BillingFixture.NOW)).isEqualTo(wrong);
          assertThat(wrong.differences()).isNotEmpty();
        });
  }

  /// Usage on both sides of a time without prices is rated, and usage in it is refused.
  @Test
  void aGapBetweenPricesCountsOnlyWhereSomethingRan() {
    Instant from = Instant.parse("2026-10-10T00:00:00Z");
    BillingFixture billing =
        new BillingFixture(
            Books.book("before", "2026-01-01T00:00:00Z", from.toString(), 4000, 16001, 1),
            Books.book("after", "2026-10-11T00:00:00Z", null, 4000, 16001, 1));
    Period october = Period.of(YearMonth.of(2026, 10));
    List<Transition> log =
        Logs.parse(
            "1 RUNNING 2026-10-09T10:00:00; 1 GONE 2026-10-09T11:00:00;"
                + "2 RUNNING 2026-10-12T10:00:00; 2 GONE 2026-10-12T12:00:00;"
                + "3 RUNNING 2026-10-10T10:00:00");
    billing.append(log.subList(0, 4));
    billing.meterAll(10);
    assertThat(billing.close.close(october).issued()).isEqualTo(1);
    Invoice issued = billing.issued.whole(billing.issued.of(Logs.ACCOUNT).getFirst());
    assertThat(new BigDecimal(issued.exactTotal())).isEqualByComparingTo("0.012");
    Invoice draft = billing.invoices.draft(Logs.ACCOUNT, null, october, october.closedAsOf());
    assertThat(draft.exactTotal()).isEqualTo(issued.exactTotal());

    BillingFixture other =
        new BillingFixture(
            Books.book("before", "2026-01-01T00:00:00Z", from.toString(), 4000, 16001, 1),
            Books.book("after", "2026-10-11T00:00:00Z", null, 4000, 16001, 1));
    other.append(Logs.parse("1 RUNNING 2026-10-10T10:00:00; 1 GONE 2026-10-12T10:00:00"));
    other.meterAll(10);
    assertThatThrownBy(() -> other.close.close(october)).isInstanceOf(PriceMissing.class);
    assertThatThrownBy(
            () -> other.invoices.draft(Logs.ACCOUNT, null, october, october.closedAsOf()))
        .isInstanceOf(PriceMissing.class);
  }
}
