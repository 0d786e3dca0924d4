package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Logs;
import brume.billing.Seeds;
import brume.billing.meter.Transition;
import brume.billing.rating.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvoiceDbTest {
  private static final Period NOVEMBER = Period.of(YearMonth.of(2026, 11));
  private static final Instant NOW = BillingFixture.NOW;

  private static final BillingFixture CHANGING = new BillingFixture(Books.changing());

  /// Out: each line as `price-book seconds+minimum exact`.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a guest of ten seconds     | 1 RUNNING 10:00:00.2; 1 GONE 10:00:10.7                             | first 10+0 0.000011
          shorter than a second      | 1 RUNNING 10:00:00.2; 1 GONE 10:00:00.7                             | first 0+1 0.000001
          over the change of price   | 1 RUNNING 2026-11-15T11:59:50; 1 GONE 2026-11-15T12:00:05           | first 10+0 0.000011, second 5+0 0.000010
          two intervals, one line    | 1 RUNNING 10:00:00; 1 GONE 10:00:10; 2 RUNNING 11:00:00; 2 GONE 11:00:10 | first 20+0 0.000022
          the minimum of a minute    | 1 RUNNING 2026-11-20T10:00:00; 1 GONE 2026-11-20T10:00:10           | second 10+50 0.000117
          moved within its minimum   | 1 RUNNING 2026-11-20T10:00:00; 1 MIGRATING 2026-11-20T10:00:01; 2 RUNNING 2026-11-20T10:00:01.5; 2 GONE 2026-11-20T10:00:10 | second 10+50 0.000117
          still running              | 1 RUNNING 2026-11-22T11:00:00                                       | second 3600+0 0.007013
          just started               | 1 RUNNING 2026-11-22T11:59:59.9                                     | second 1+59 0.000117
          into the month             | 1 RUNNING 2026-10-31T23:59:00; 1 GONE 2026-11-01T00:00:30           | first 30+0 0.000033
          of the month before        | 1 RUNNING 2026-10-31T23:59:00; 1 GONE 2026-11-01T00:00:00           |
          begun in the future        | 1 RUNNING 2026-11-22T12:00:05                                       | second 0+60 0.000117
          """)
  void aLogBecomesLines(String title, String log, String lines) {
    BillingFixture billing = CHANGING;
    billing.clear();
    billing.append(Logs.parse(log));
    billing.meterAll(100);
    Invoice invoice = billing.invoices.current(Logs.ACCOUNT, null, NOW);
    assertThat(
            String.join(
                ", ",
                invoice.lines().stream()
                    .map(line ->
                        "%s %d+%d %s"
                            .formatted(
                                line.priceBookId(),
                                line.seconds(),
                                line.minimumSeconds(),
                                line.exactAmount()))
                    .toList()))
        .isEqualTo(lines == null ? "" : lines);
    assertThat(billing.audit.check(NOVEMBER, NOW).agrees()).isTrue();
  }

  @Test
  void everythingAddsUpOnAnyLog() {
    BillingFixture billing = CHANGING;
    Seeds.each(
        5,
        random -> {
          billing.clear();
          List<Transition> log =
              new LogGenerator(random, Instant.parse("2026-10-25T00:00:00Z"), NOW).generate(300);
          billing.append(log);
          billing.meterAll(100);
          for (String account : List.of("000000000001", "000000000002", "000000000003")) {
            addsUp(billing.invoices.draft(account, null, NOVEMBER, NOW));
          }
        });
  }

  static void addsUp(Invoice invoice) {
    BigDecimal exact = new BigDecimal(invoice.exactTotal());
    BigDecimal total = new BigDecimal(invoice.total());
    assertThat(sum(invoice.lines(), Invoice.Line::exactAmount)).isEqualByComparingTo(exact);
    assertThat(sum(invoice.lines(), Invoice.Line::amount)).isEqualByComparingTo(total);
    assertThat(sum(invoice.subtotals(), Invoice.Subtotal::exactAmount)).isEqualByComparingTo(exact);
    assertThat(sum(invoice.subtotals(), Invoice.Subtotal::amount)).isEqualByComparingTo(total);
    assertThat(exact.add(new BigDecimal(invoice.rounding()))).isEqualByComparingTo(total);
    assertThat(new BigDecimal(invoice.rounding()).abs())
        .isLessThanOrEqualTo(new BigDecimal("0.005"));
    for (Invoice.Line line : invoice.lines()) {
      assertThat(line.intervals().size()).isEqualTo((int) line.intervalsTotal());
      assertThat(line.intervals().stream().mapToLong(Invoice.Interval::seconds).sum())
          .isEqualTo(line.seconds());
      assertThat(line.intervals().stream().mapToLong(Invoice.Interval::minimumSeconds).sum())
          .isEqualTo(line.minimumSeconds());
    }
    assertThat(invoice.lines()).extracting(Invoice.Line::id).doesNotHaveDuplicates();
  }

  private static <T> BigDecimal sum(List<T> of, Function<T, String> amount) {
    return of.stream().map(amount).map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void aLineKeepsItsNameWhileItGrowsAndEnds() {
    BillingFixture billing = new BillingFixture(Books.plain());
    List<Transition> log = Logs.parse("1 RUNNING 10:00:00; 1 GONE 10:10:00; 2 RUNNING 11:00:00");
    billing.append(log.subList(0, 1));
    billing.meterAll(10);
    Invoice.Line early = only(billing, Instant.parse("2026-11-01T10:05:00Z"));
    Invoice.Line later = only(billing, Instant.parse("2026-11-01T10:10:00Z"));
    assertThat(early.end()).isNull();
    billing.append(log.subList(1, 3));
    billing.meterAll(10);
    Invoice.Line again = only(billing, NOW);
    assertThat(List.of(early.id(), later.id(), again.id())).containsOnly(early.id());
    assertThat(later.seconds()).as("the ticker shows what the end will").isEqualTo(600);
    assertThat(again.intervals().getFirst().seconds()).isEqualTo(600);
  }

  private static Invoice.Line only(BillingFixture billing, Instant now) {
    List<Invoice.Line> lines = billing.invoices.current(Logs.ACCOUNT, null, now).lines();
    assertThat(lines).hasSize(1);
    return lines.getFirst();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 RUNNING 2025-12-31T23:59:00; 1 GONE 2026-01-01T00:01:00 | 2026-01 | sku e1.nano at 2025-12-31T23:59:00Z
          1 RUNNING 2026-11-01T10:00:00                             | 2026-11 | sku e1.nano at 2026-11-01T10:00:00Z
          """)
  void whatHasNoPriceIsNotGivenAway(String log, YearMonth month, String message) {
    BillingFixture billing =
        new BillingFixture(
            Books.book("short", "2026-01-01T00:00:00Z", "2026-11-01T10:00:00Z", 1, 1, 1));
    billing.append(Logs.parse(log));
    billing.meterAll(10);
    assertThatThrownBy(() -> billing.invoices.draft(Logs.ACCOUNT, null, Period.of(month), NOW))
        .isInstanceOf(PriceMissing.class)
        .hasMessageContaining(message);
  }

  @Test
  void theAuditSeesASecondThatSomeoneMoved() {
    BillingFixture billing = new BillingFixture(Books.plain());
    billing.append(Logs.parse("1 RUNNING 10:00:00; 1 GONE 10:10:00"));
    billing.meterAll(10);
    billing.owner.update("UPDATE billing.usage SET ended_at = ended_at - interval '1 second'");
    UsageAudit.Verdict verdict = billing.audit.check(NOVEMBER, NOW);
    assertThat(verdict.wronglyRated()).containsExactly(Logs.ACCOUNT);
    assertThat(verdict.differences())
        .singleElement()
        .satisfies(difference -> {
          assertThat(difference.resourceId()).isEqualTo(Logs.RESOURCE);
          assertThat(difference.fromTransitions() - difference.fromUsage())
              .as("one second")
              .isEqualTo(1);
        });
  }

  @Test
  void aLineShowsItsNewestIntervals() {
    BillingFixture billing = new BillingFixture(Books.plain());
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 150; i++) {
      String minute = "%02d:%02d".formatted(10 + i / 60, i % 60);
      log.append("%d RUNNING %s:00;%d GONE %s:05;".formatted(i, minute, i, minute));
    }
    billing.append(Logs.parse(log.toString()));
    billing.meterAll(1000);
    Invoice.Line line = only(billing, NOW);
    assertThat(line.intervalsTotal()).isEqualTo(150);
    assertThat(line.seconds()).isEqualTo(750);
    assertThat(line.intervals()).hasSize(Invoice.INTERVALS_MAX);
    assertThat(line.intervals().getLast().start()).isEqualTo("2026-11-01T12:29:00Z");
  }
}
