package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Logs;
import brume.billing.Seeds;
import brume.billing.meter.Meter;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.Rates;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CostDbTest {
  private static final Instant NOW = BillingFixture.NOW;
  private static final List<CostQueries.GroupBy> ALL =
      List.of(
          new CostQueries.Service(),
          new CostQueries.Type(),
          new CostQueries.Instance(),
          new CostQueries.Day(),
          new CostQueries.Tag("team"));

  /// Any models, any log: days and instances and types are cuts of the same.
  @Test
  void everyGroupingAddsUpToTheDraft() {
    Random models = new Random(11);
    BillingFixture billing =
        new BillingFixture(
            new PriceBook(
                "any",
                "USD",
                Instant.parse("2026-01-01T00:00:00Z"),
                null,
                List.of(
                    new Price(Meter.INSTANCE_SECONDS, Books.NANO, Rates.any(models), 60),
                    new Price(Meter.INSTANCE_SECONDS, Books.SMALL, Rates.any(models), 1))));
    Seeds.each(
        8,
        random -> {
          billing.clear();
          billing.append(
              new LogGenerator(random, Instant.parse("2026-10-25T00:00:00Z"), NOW).generate(150));
          billing.meterAll(100);
          for (String account : List.of("000000000001", "000000000002", "000000000003")) {
            Invoice draft = billing.invoices.current(account, null, NOW);
            for (CostQueries.GroupBy groupBy : ALL) {
              CostSummary summary = billing.costs.summary(account, groupBy, "x", null, NOW);
              assertThat(summary.exactTotal()).isEqualTo(draft.exactTotal());
              assertThat(
                      summary.groups().stream()
                          .map(group -> new BigDecimal(group.exactAmount()))
                          .reduce(BigDecimal.ZERO, BigDecimal::add))
                  .as(groupBy.toString())
                  .isEqualByComparingTo(draft.exactTotal());
              assertThat(summary.groups().stream().mapToLong(CostSummary.Group::seconds).sum())
                  .isEqualTo(
                      draft.lines().stream()
                          .mapToLong(line -> line.seconds() + line.minimumSeconds())
                          .sum());
            }
          }
        });
  }

  @Test
  void whatRunsIsShownByTheHourAndForecastForTheMonth() {
    BillingFixture billing = new BillingFixture(Books.plain());
    billing.append(
        Logs.parse(
            "1 RUNNING 2026-11-20T22:00:00; 1 GONE 2026-11-21T01:00:00;"
                + "2 RUNNING 2026-11-22T10:00:00"));
    billing.meterAll(10);
    CostSummary days = billing.costs.summary(Logs.ACCOUNT, new CostQueries.Day(), "day", null, NOW);
    assertThat(days.groups())
        .extracting(group -> group.key() + " " + group.seconds() + " " + group.exactAmount())
        .containsExactly(
            "2026-11-20 7200 0.008000", "2026-11-21 3600 0.004000", "2026-11-22 7200 0.008000");
    assertThat(days.perHour()).isEqualTo("0.004000");
    assertThat(days.forecast()).as("5 h so far and 204 h to come").isEqualTo("0.836000");

    CostSummary one =
        billing.costs.summary(
            Logs.ACCOUNT, new CostQueries.Instance(), "instance", Logs.RESOURCE, NOW);
    assertThat(one.groups())
        .singleElement()
        .satisfies(group -> {
          assertThat(group.key()).isEqualTo(Logs.RESOURCE);
          assertThat(group.running()).isEqualTo(1);
          assertThat(group.exactAmount()).isEqualTo("0.020000");
        });
    assertThat(
            billing
                .costs
                .summary(Logs.ACCOUNT, new CostQueries.Service(), "service", "i-none", NOW)
                .groups())
        .isEmpty();
  }
}
