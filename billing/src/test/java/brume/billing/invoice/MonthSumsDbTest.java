package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Logs;
import brume.billing.Seeds;
import brume.billing.rating.Period;
import brume.billing.terms.AccountTerms;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a report over months says is what the invoices say.
class MonthSumsDbTest {
  private static final Period SEPTEMBER = Period.of(YearMonth.of(2026, 9));
  private static final Period OCTOBER = Period.of(YearMonth.of(2026, 10));

  @Test
  void sumsAreThoseOfTheLines() {
    Seeds.each(
        4,
        random -> {
          try (BillingFixture billing = new BillingFixture(Books.changing())) {
            billing.terms.put(
                Logs.ACCOUNT,
                new AccountTerms("FR", "consumer", null, "UTC", 30, 1234, 500_000_000));
            billing.append(
                new LogGenerator(
                        random,
                        Instant.parse("2026-09-20T00:00:00Z"),
                        Instant.parse("2026-10-20T00:00:00Z"))
                    .generate(150));
            billing.meterAll(50);
            billing.close.close(SEPTEMBER);
            billing.close.close(OCTOBER);
            MonthSums sums = new MonthSums(JdbcClient.create(billing.jdbc));
            List<Invoice> invoices = billing.issued.of(Logs.ACCOUNT);
            assertThat(invoices).isNotEmpty();
            for (Invoice head : invoices) {
              Invoice whole = billing.issued.whole(head);
              List<MonthSum> of = sums.of(Logs.ACCOUNT, head.period().start(), head.period().end());
              assertThat(of).allMatch(sum -> sum.invoiceId().equals(head.id()));
              assertThat(
                      of.stream().map(sum -> new BigDecimal(sum.amount())).reduce(BigDecimal::add))
                  .hasValueSatisfying(sum -> assertThat(sum).isEqualByComparingTo(head.net()));
              assertThat(of.stream().mapToInt(MonthSum::lines).sum())
                  .isEqualTo(whole.lines().size() + whole.adjustments().size());
              assertThat(
                      of.stream()
                          .filter(sum -> sum.kind().equals("usage"))
                          .mapToLong(sum -> Long.parseLong(sum.units()))
                          .sum())
                  .isEqualTo(
                      whole.lines().stream()
                          .mapToLong(line -> line.seconds() + line.minimumSeconds())
                          .sum());
            }
            assertThat(sums.of(Logs.ACCOUNT, SEPTEMBER.start(), OCTOBER.end()))
                .hasSize(
                    invoices.stream()
                        .mapToInt(head ->
                            sums.of(Logs.ACCOUNT, head.period().start(), head.period().end())
                                .size())
                        .sum());
            assertThat(sums.wrong(SEPTEMBER)).isEmpty();
            assertThat(sums.wrong(OCTOBER)).isEmpty();
          }
        });
  }

  @Test
  void theAuditFindsASumThatIsNotItsLines() {
    try (BillingFixture billing = new BillingFixture(Books.plain())) {
      billing.append(Logs.parse("1 RUNNING 2026-10-05T10:00:00; 1 GONE 2026-10-06T10:00:00"));
      billing.meterAll(10);
      assertThat(billing.close.close(OCTOBER).issued()).isEqualTo(1);
      assertThat(billing.audit.check(OCTOBER, OCTOBER.closedAsOf()).agrees()).isTrue();
      assertThatThrownBy(() -> billing.jdbc.update("UPDATE billing.invoice_sum SET units = 1"))
          .hasStackTraceContaining("permission denied");
      assertThatThrownBy(() -> billing.owner.update("UPDATE billing.invoice_sum SET units = 1"))
          .hasStackTraceContaining("can not change");
      assertThatThrownBy(() ->
              billing.jdbc.update(
                  """
                  INSERT INTO billing.invoice_sum
                  SELECT invoice_id, kind, meter, 'more', 1, 1, 1, 1 FROM billing.invoice_sum
                  """))
          .hasStackTraceContaining("takes no more lines");
      billing.owner.execute("ALTER TABLE billing.invoice_sum DISABLE TRIGGER sums_stay");
      billing.owner.update("UPDATE billing.invoice_sum SET units = units + 1");
      UsageAudit.Verdict verdict = billing.audit.check(OCTOBER, OCTOBER.closedAsOf());
      assertThat(verdict.agrees()).isFalse();
      assertThat(verdict.wronglySummed())
          .containsExactly(billing.issued.of(Logs.ACCOUNT).getFirst().id());
    }
  }

  @Test
  void whatIsVoidedCountsNoMore() {
    try (BillingFixture billing = new BillingFixture(Books.plain())) {
      billing.append(Logs.parse("1 RUNNING 2026-10-05T10:00:00; 1 GONE 2026-10-06T10:00:00"));
      billing.meterAll(10);
      billing.close.close(OCTOBER);
      MonthSums sums = new MonthSums(JdbcClient.create(billing.jdbc));
      assertThat(sums.of(Logs.ACCOUNT, OCTOBER.start(), OCTOBER.end()))
          .singleElement()
          .satisfies(sum -> {
            assertThat(sum.month()).isEqualTo("2026-10");
            assertThat(sum.units()).isEqualTo("86400");
          });
      String id = String.valueOf(billing.issued.of(Logs.ACCOUNT).getFirst().id());
      billing.store.settle(id, "voided", "");
      assertThat(sums.of(Logs.ACCOUNT, OCTOBER.start(), OCTOBER.end())).isEmpty();
    }
  }
}
