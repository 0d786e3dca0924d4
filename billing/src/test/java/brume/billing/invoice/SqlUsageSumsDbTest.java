package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Seeds;
import brume.billing.rating.Period;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Many accounts added up in one query, or a few at a time, or one by one, come to the same.
class SqlUsageSumsDbTest {
  private static final Period OCTOBER = Period.of(YearMonth.of(2026, 10));

  @Test
  void itDoesNotMatterHowManyAreAddedUpAtOnce() {
    try (BillingFixture billing = new BillingFixture(Books.changing())) {
      Seeds.each(
          8,
          random -> {
            billing.clear();
            billing.append(
                new LogGenerator(
                        random,
                        Instant.parse("2026-09-25T00:00:00Z"),
                        Instant.parse("2026-11-05T00:00:00Z"))
                    .generate(200));
            billing.meterAll(100);
            List<String> together = sums(billing, 32);
            assertThat(together).isNotEmpty();
            assertThat(sums(billing, 1)).isEqualTo(together);
            assertThat(sums(billing, 2)).isEqualTo(together);
            List<String> alone = new ArrayList<>();
            for (int account = 1; account <= 3; account++) {
              String id = "%012d".formatted(account);
              billing
                  .statements
                  .sums(id, OCTOBER, OCTOBER.closedAsOf())
                  .forEach(sum -> alone.add(sum.toString()));
            }
            assertThat(alone).isEqualTo(together);
          });
    }
  }

  private static List<String> sums(BillingFixture billing, int accountsAtOnce) {
    List<String> sums = new ArrayList<>();
    billing.snapshot.executeWithoutResult(status ->
        new SqlUsageSums(billing.jdbc, billing.statements, accountsAtOnce)
            .each(
                OCTOBER,
                OCTOBER.closedAsOf(),
                UsageSums.Accounts.ALL,
                (account, of) -> of.forEach(sum -> sums.add(sum.toString()))));
    return sums;
  }
}
