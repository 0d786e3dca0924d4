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
import brume.billing.terms.AccountTerms;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Issued invoices: whatever dies, repeats or races, an account has one for a month, and it stays
/// as it is.
class IssueDbTest {
  private static final Period OCTOBER = Period.of(YearMonth.of(2026, 10));
  private static final Period SEPTEMBER = Period.of(YearMonth.of(2026, 9));
  private static final BillingFixture BILLING = new BillingFixture(Books.plain());

  /// Ends a process in the middle.
  private static final class Killed extends RuntimeException {}

  @BeforeEach
  void clear() {
    BILLING.clear();
  }

  private static void log(String text) {
    BILLING.append(Logs.parse(text));
    BILLING.meterAll(100);
  }

  private static Invoice only() {
    List<Invoice> all = BILLING.issued.of(Logs.ACCOUNT);
    assertThat(all).hasSize(1);
    return BILLING.issued.whole(all.getFirst());
  }

  private static final String A_DAY = "1 RUNNING 2026-10-05T10:00:00; 1 GONE 2026-10-06T10:00:00;";

  @Test
  void whatTheDraftShowsIsWhatIsIssued() {
    log(A_DAY + "2 RUNNING 2026-10-31T20:00:00; 2 GONE 2026-11-01T03:00:00");
    BILLING.terms.put(
        Logs.ACCOUNT, new AccountTerms("FR", "consumer", null, "Europe/Paris", 14, 1000, 0));
    Invoice draft = BILLING.invoices.draft(Logs.ACCOUNT, "", OCTOBER, OCTOBER.closedAsOf());
    assertThat(BILLING.close.close(OCTOBER).issued()).isEqualTo(1);
    Invoice issued = only();
    assertThat(issued.lines()).hasSize(1).hasSameSizeAs(draft.lines());
    Invoice.Line line = issued.lines().getFirst();
    Invoice.Line drafted = draft.lines().getFirst();
    assertThat(List.of(line.id(), line.start(), line.end(), line.seconds(), line.exactAmount()))
        .isEqualTo(
            List.of(
                drafted.id(),
                drafted.start(),
                drafted.end(),
                drafted.seconds(),
                drafted.exactAmount()));
    assertThat(line.end()).as("cut at the month's end").isEqualTo("2026-11-01T00:00:00Z");
    assertThat(issued.adjustments()).isEqualTo(draft.adjustments()).hasSize(1);
    assertThat(issued.subtotals()).isEqualTo(draft.subtotals());
    assertThat(List.of(issued.net(), issued.tax(), issued.total(), issued.due()))
        .isEqualTo(List.of(draft.net(), draft.tax(), draft.total(), draft.due()));
    assertThat(issued.dueAt()).isEqualTo("2026-12-06T12:00:00Z");
    assertThat(issued.numberText()).isEqualTo(Logs.ACCOUNT + "-000001");
  }

  @Test
  void aRunThatIsKilledAnywhereAndRepeatedGivesTheSameInvoices() {
    List<List<String>> whole = new ArrayList<>();
    Seeds.each(
        8,
        random -> {
          clear();
          whole.clear();
          List<Transition> log =
              new LogGenerator(random, SEPTEMBER.start(), OCTOBER.end()).generate(120);
          BILLING.append(log);
          BILLING.meterAll(1000);
          BILLING.close.close(OCTOBER);
          whole.add(rows());
          BILLING.owner.execute(
              "TRUNCATE billing.credit_use, billing.invoice_line, billing.invoice_sum, billing.invoice,"
                  + " billing.invoice_number");
          for (int i = 0; i < 4; i++) {
            killed(random.nextInt(40));
          }
          BILLING.close.close(OCTOBER);
          BILLING.close.close(OCTOBER);
          assertThat(rows()).isNotEmpty().isEqualTo(whole.getFirst());
        });
  }

  /// Dies at one of the statements: what it wrote before in the same transaction is gone.
  private static void killed(int statement) {
    KillingTemplate jdbc = new KillingTemplate(BILLING.dataSource, statement, Killed::new);
    InvoiceStore store =
        new InvoiceStore(
            jdbc,
            BILLING.repeatable,
            new StatementReader(
                org.springframework.jdbc.core.simple.JdbcClient.create(jdbc),
                BILLING.prices,
                BillingFixture.TAXES,
                java.util.Currency.getInstance("USD")),
            new brume.billing.terms.TermsStore(
                org.springframework.jdbc.core.simple.JdbcClient.create(jdbc), BILLING.clock),
            BILLING.clock);
    try {
      for (String account : List.of("000000000001", "000000000002", "000000000003")) {
        store.issue(account, OCTOBER, metered());
      }
    } catch (Killed e) {
      assertThat(
              BILLING.jdbc.queryForObject(
                  "SELECT count(*) FROM billing.invoice WHERE state = 'draft'", Integer.class))
          .as("nothing half done")
          .isZero();
    }
  }

  private static List<String> rows() {
    return BILLING.jdbc.queryForList(
        """
        SELECT i::text FROM billing.invoice i UNION ALL
        SELECT l::text FROM billing.invoice_line l ORDER BY 1
        """,
        String.class);
  }

  @Test
  void severalServicesCloseAMonthOnce() throws Exception {
    log(A_DAY);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<MonthClose.Outcome>> closes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        closes.add(threads.submit(() -> BILLING.close.close(OCTOBER)));
      }
      int issued = 0;
      for (Future<MonthClose.Outcome> close : closes) {
        issued += close.get().issued();
      }
      assertThat(issued).isEqualTo(1);
    }
    assertThat(only().number()).isEqualTo(1);
  }

  @Test
  void aDifferenceStopsIssuingAndIsNamed() {
    log(A_DAY);
    BILLING.owner.update("UPDATE billing.usage SET ended_at = ended_at + interval '1 second'");
    MonthClose.Outcome outcome = BILLING.close.close(OCTOBER);
    assertThat(outcome.audit().differences())
        .singleElement()
        .satisfies(difference -> {
          assertThat(difference.accountId()).isEqualTo(Logs.ACCOUNT);
          assertThat(difference.resourceId()).isEqualTo(Logs.RESOURCE);
          assertThat(difference.interval())
              .isEqualTo(
                  new Period(
                      Instant.parse("2026-10-05T10:00:00Z"),
                      Instant.parse("2026-10-06T10:00:00Z")));
        });
    assertThat(BILLING.issued.of(Logs.ACCOUNT)).isEmpty();
    BILLING.owner.update("UPDATE billing.usage SET ended_at = ended_at - interval '1 second'");
    assertThat(BILLING.close.close(OCTOBER).issued()).isEqualTo(1);
  }

  /// A millisecond that changes no second: only the chain of digests sees it.
  @Test
  void aLogThatWasChangedAfterItWasMeteredStopsIssuing() {
    log(A_DAY);
    String change = "UPDATE scheduling.transition SET at = at + interval '1 millisecond'";
    BILLING.owner.update(change + " WHERE seq = 1");
    MonthClose.Outcome outcome = BILLING.close.close(OCTOBER);
    assertThat(outcome.audit().differences()).isEmpty();
    assertThat(outcome.audit().logIsWhole()).isFalse();
    assertThat(BILLING.issued.of(Logs.ACCOUNT)).isEmpty();
  }

  private static UsageAudit.Through metered() {
    return new UsageAudit.Through(BILLING.meter.cursor(), BILLING.resourceMeter.cursor());
  }

  @Test
  void whatTheLogSaidSinceTheAuditIsAuditedFirst() {
    log(A_DAY + "2 RUNNING 2026-10-10T10:00:00");
    UsageAudit.Through audited = BILLING.audit.check(OCTOBER, OCTOBER.closedAsOf()).through();
    List<Transition> late = Logs.parse(A_DAY + "2 RUNNING 10:00:00; 2 GONE 2026-10-10T11:00:00");
    BILLING.append(late.subList(3, 4));
    BILLING.meterAll(10);
    assertThat(BILLING.store.issue(Logs.ACCOUNT, OCTOBER, audited))
        .isEqualTo(InvoiceStore.Issue.MOVED);
    assertThat(BILLING.store.issue(Logs.ACCOUNT, OCTOBER, metered()))
        .isEqualTo(InvoiceStore.Issue.ISSUED);
  }

  /// A node was lost with the month's end, and its last heartbeat is known only after the close.
  @Test
  void whatIsKnownLaterIsCorrectedInTheOpenMonth() {
    log("1 RUNNING 2026-10-31T10:00:00");
    BILLING.close.close(OCTOBER);
    Invoice before = only();
    assertThat(before.lines().getFirst().seconds()).isEqualTo(14 * 3600);

    List<Transition> lost =
        Logs.parse("1 RUNNING 2026-10-31T10:00:00; 1 FAILED 2026-10-31T12:00:00");
    BILLING.append(lost.subList(1, 2));
    BILLING.meterAll(10);
    assertThat(BILLING.close.close(OCTOBER).unchanged()).isEqualTo(1);
    assertThat(only()).as("it stays as it is").isEqualTo(before);
    Period november = Period.of(YearMonth.of(2026, 11));
    Invoice open = BILLING.invoices.draft(Logs.ACCOUNT, "", november, BillingFixture.NOW);
    assertThat(open.lines()).isEmpty();
    assertThat(open.adjustments())
        .singleElement()
        .satisfies(correction -> {
          assertThat(correction.kind()).isEqualTo("correction");
          assertThat(correction.title()).isEqualTo("Correction of 2026-10");
          assertThat(correction.corrects()).isEqualTo(before.lines().getFirst().id());
          assertThat(correction.exactAmount()).as("12 h of 4000 µ/h").isEqualTo("-0.048000");
        });
  }

  @Test
  void aCorrectionIsMadeOnceAndAVoidedInvoiceComesAgain() {
    log("1 RUNNING 2026-09-30T10:00:00");
    assertThat(BILLING.close.close(SEPTEMBER).issued()).isEqualTo(1);
    List<Transition> all =
        Logs.parse(
            "1 RUNNING 2026-09-30T10:00:00; 1 FAILED 2026-09-30T12:00:00;"
                + "2 RUNNING 2026-10-05T10:00:00; 2 GONE 2026-10-05T20:00:00");
    BILLING.append(all.subList(1, 4));
    BILLING.meterAll(10);
    BILLING.close.close(OCTOBER);
    List<Invoice> two = BILLING.issued.of(Logs.ACCOUNT);
    assertThat(two).extracting(Invoice::number).containsExactly(2, 1);
    assertThat(BILLING.issued.whole(two.getFirst()).adjustments())
        .extracting(Invoice.Adjustment::exactAmount)
        .containsExactly("-0.048000");
    assertThat(novemberAdjustments()).as("once").isEmpty();

    assertThat(BILLING.store.settle(two.getLast().id(), "voided", "wrong address")).isTrue();
    assertThat(novemberAdjustments())
        .as("2 hours of September are open again, with the correction that stands in October")
        .extracting(Invoice.Adjustment::exactAmount)
        .containsExactly("0.056000");
    assertThat(BILLING.store.settle(two.getFirst().id(), "voided", "")).isTrue();
    BigDecimal sum =
        novemberAdjustments().stream()
            .map(each -> new BigDecimal(each.exactAmount()))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).as("2 h and 10 h").isEqualByComparingTo("0.048");
  }

  private static List<Invoice.Adjustment> novemberAdjustments() {
    Period november = Period.of(YearMonth.of(2026, 11));
    return BILLING.invoices.draft(Logs.ACCOUNT, "", november, BillingFixture.NOW).adjustments();
  }

  @Test
  void creditsPayAndCommitmentsAreKept() {
    log(A_DAY);
    BILLING.terms.put(
        Logs.ACCOUNT, new AccountTerms("FR", "consumer", null, "UTC", 30, 0, 10_000_000));
    Instant soon = BillingFixture.NOW.plusSeconds(60);
    assertThat(BILLING.terms.grant("c1", Logs.ACCOUNT, new BigDecimal("5.00"), "USD", null, ""))
        .isTrue();
    assertThat(BILLING.terms.grant("c2", Logs.ACCOUNT, new BigDecimal("1.00"), "USD", soon, ""))
        .isTrue();
    assertThat(BILLING.terms.grant("c1", Logs.ACCOUNT, new BigDecimal("6.00"), "USD", null, ""))
        .as("the id is another's")
        .isFalse();
    BILLING.close.close(OCTOBER);
    Invoice invoice = only();
    assertThat(invoice.net()).as("used 0.096, promised 10").isEqualTo("10.00");
    assertThat(invoice.tax()).isEqualTo("2.00");
    assertThat(invoice.credit()).isEqualTo("6.00");
    assertThat(invoice.due()).isEqualTo("6.00");
    assertThat(BILLING.terms.credits(Logs.ACCOUNT, "USD"))
        .extracting(granted -> granted.credit().left().toPlainString())
        .containsExactly("0.00", "0.00");
    BILLING.store.settle(invoice.id(), "voided", "");
    assertThat(BILLING.terms.credits(Logs.ACCOUNT, "USD"))
        .as("given back")
        .extracting(granted -> granted.credit().left().toPlainString())
        .containsExactly("5.00", "1.00");
  }

  @Test
  void settlingFollowsTheStates() {
    log(A_DAY);
    BILLING.close.close(OCTOBER);
    String id = only().id();
    assertThat(BILLING.store.settle(id, "paid", "by card")).isTrue();
    assertThat(BILLING.store.settle(id, "paid", "again")).as("is so").isTrue();
    assertThat(only().settledNote()).isEqualTo("by card");
    assertThat(BILLING.store.settle(id, "voided", "")).isTrue();
    assertThat(BILLING.store.settle(id, "paid", "")).isFalse();
    assertThat(BILLING.store.settle("inv-0", "paid", "")).isFalse();
  }

  @Test
  void anOpenMonthIsNotClosed() {
    assertThatThrownBy(() -> BILLING.close.close(Period.of(YearMonth.of(2026, 11))))
        .hasMessageContaining("can be closed from 2026-12-01T06:00:00Z on");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE billing.invoice SET total = total + 1, due = due + 1, net = net + 1,"
            + " rounding = rounding + 1",
        "UPDATE billing.invoice SET state = 'draft'",
        "DELETE FROM billing.invoice_line",
        "UPDATE billing.invoice_line SET amount = 0",
        "INSERT INTO billing.invoice_line SELECT invoice_id, 99, line_id, kind, title, service,"
            + " resource_id, resource_name, tags, meter, sku, price_book_id, start_at, end_at,"
            + " seconds, minimum_seconds, micros, portions, intervals, corrects, parts, exact, amount"
            + " FROM billing.invoice_line",
        "INSERT INTO billing.invoice SELECT (jsonb_populate_record(i, '{\"id\":"
            + " \"inv-00000000000000009\", \"number\": 3}')).* FROM billing.invoice i",
        "INSERT INTO billing.invoice SELECT (jsonb_populate_record(i, '{\"id\":"
            + " \"inv-00000000000000009\", \"number\": 2}')).* FROM billing.invoice i",
        "DELETE FROM billing.invoice"
      })
  void theDatabaseItselfKeepsAnIssuedInvoice(String sql) {
    log(A_DAY);
    BILLING.close.close(OCTOBER);
    List<String> before = rows();
    assertThatThrownBy(() -> BILLING.owner.execute(sql))
        .satisfiesAnyOf(
            refusal -> assertThat(refusal).hasStackTraceContaining("can not change"),
            refusal -> assertThat(refusal).hasStackTraceContaining("can not be deleted"),
            refusal -> assertThat(refusal).hasStackTraceContaining("takes no more lines"),
            refusal -> assertThat(refusal).hasStackTraceContaining("leaves a gap"),
            refusal -> assertThat(refusal).hasStackTraceContaining("one_invoice_for_a_period"));
    assertThatThrownBy(() -> BILLING.jdbc.execute(sql));
    assertThat(rows()).isEqualTo(before);
  }
}
