package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;

class ExplanationDbTest {
  private static final Period OCTOBER = Period.of(YearMonth.of(2026, 10));

  @Test
  void aLineIsWalkedBackToTheRequestThatCausedIt() {
    BillingFixture billing = new BillingFixture(Books.plain());
    billing.owner.update(
        "INSERT INTO compute.account VALUES (?, 'first', 10, 10, 10000, now())", Logs.ACCOUNT);
    billing.owner.update(
        """
        INSERT INTO compute.instance (id, account_id, reservation_id, launch_index, image_id,
          instance_type, vcpu, memory_mib, baseline_percent, intent, created_at, intent_at)
        VALUES (?, ?, 'r-00000000000000001', 0, 'ami-00000000000000001', 'e1.nano', 1, 128, 5,
          'RUN', now(), now())
        """,
        Logs.RESOURCE,
        Logs.ACCOUNT);
    billing.owner.update(
        "INSERT INTO compute.intent_change VALUES (?, 1, 'RUN', 'tok-1', 'req-launch', now())",
        Logs.RESOURCE);
    List<Transition> log =
        Logs.parse(
            "1 RUNNING 2026-10-31T22:00:00; 1 GONE 2026-10-31T22:30:00;"
                + "2 RUNNING 2026-10-31T23:00:00; 2 FAILED 2026-10-31T23:30:00");
    billing.append(log.subList(0, 3));
    billing.owner.update(
        "UPDATE scheduling.transition SET node_boot_id = 'boot-1', node_monotonic = 77,"
            + " event_sequence = seq");
    billing.meterAll(10);
    billing.close.close(OCTOBER);
    Invoice head = billing.issued.of(Logs.ACCOUNT).getFirst();
    Invoice.Line line = billing.issued.whole(head).lines().getFirst();

    Explanation explained = explain(billing, head, line.id());
    assertThat(explained.price().priceBookId()).isEqualTo("plain");
    assertThat(explained.quantitySeconds()).isEqualTo(1800 + 3600);
    assertThat(explained.exactUnrounded()).isEqualTo("0.006000000000000000");
    assertThat(explained.rounding().amountDifference()).isEqualTo("0.004000000000000000");
    assertThat(explained.changedSince()).isFalse();
    assertThat(explained.intervals()).hasSize(2);
    Explanation.Fact opened = explained.intervals().getFirst().opened();
    assertThat(opened.seq()).isEqualTo(1);
    assertThat(opened.nodeBootId()).isEqualTo("boot-1");
    assertThat(opened.nodeMonotonic()).isEqualTo(77);
    assertThat(opened.request().requestId()).isEqualTo("req-launch");
    assertThat(opened.request().principal()).isEqualTo("tok-1");
    assertThat(explained.intervals().getFirst().closed().state()).isEqualTo("GONE");
    assertThat(explained.intervals().getLast().closed()).as("it went on").isNull();

    billing.append(log.subList(3, 4)); // the node was lost before the month's end
    billing.meterAll(10);
    assertThat(explain(billing, head, line.id()).changedSince()).isTrue();
    assertThat(billing.issued.line(head.id(), "line-00000000000000000")).isEmpty();
  }

  private static Explanation explain(BillingFixture billing, Invoice head, String lineId) {
    return billing
        .explanations
        .ofIssued(head, billing.issued.line(head.id(), lineId).orElseThrow())
        .orElseThrow();
  }

  @Test
  void everyLineOfAnyLogIsExplainedWhole() {
    BillingFixture billing = new BillingFixture(Books.changing());
    Instant now = BillingFixture.NOW;
    Seeds.each(
        3,
        random -> {
          billing.clear();
          billing.append(
              new LogGenerator(random, Instant.parse("2026-10-25T00:00:00Z"), now).generate(120));
          billing.meterAll(100);
          for (String account : List.of("000000000001", "000000000002")) {
            for (Invoice.Line line : billing.invoices.current(account, null, now).lines()) {
              Explanation explained =
                  billing.explanations.ofDraft(account, line.id(), now).orElseThrow();
              assertThat(explained.exactAmount()).isEqualTo(line.exactAmount());
              assertThat(explained.changedSince()).isFalse();
              assertThat(
                      explained.intervals().stream()
                          .mapToLong(step -> step.seconds() + step.minimumSeconds())
                          .sum())
                  .isEqualTo(line.seconds() + line.minimumSeconds());
              assertThat(
                      new BigDecimal(explained.exactUnrounded())
                          .add(new BigDecimal(explained.rounding().exactDifference())))
                  .isEqualByComparingTo(line.exactAmount());
            }
          }
          assertThat(billing.explanations.ofDraft("000000000001", "line-none", now)).isEmpty();
        });
  }
}
