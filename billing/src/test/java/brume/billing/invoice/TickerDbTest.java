package brume.billing.invoice;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Logs;
import brume.billing.Seeds;
import brume.billing.rating.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is shown while a month goes on is what is issued after it.
class TickerDbTest {
  private static final Period OCTOBER = Period.of(YearMonth.of(2026, 10));
  private static final Instant LATER = Instant.parse("2026-10-31T23:59:59Z");

  private static BillingFixture billing;

  @BeforeAll
  static void start() {
    billing = new BillingFixture(Books.plain());
  }

  @BeforeEach
  void clear() {
    billing.clear();
  }

  private static String cost(String account, String resource, Instant now) {
    return billing
        .costs
        .summary(account, new CostQueries.Instance(), "instance", resource, now)
        .exactTotal();
  }

  /// To the last decimal, and however long nobody looks.
  @Test
  void theCostOfWhatHasStoppedIsItsIssuedLine() {
    Seeds.each(
        6,
        random -> {
          billing.clear();
          List<brume.billing.meter.Transition> log =
              new LogGenerator(
                      random,
                      Instant.parse("2026-10-01T00:00:00Z"),
                      Instant.parse("2026-10-30T00:00:00Z"))
                  .generate(150);
          billing.append(log);
          billing.meterAll(100);
          Map<String, String> shown = new HashMap<>();
          for (String account : List.of("000000000001", "000000000002", "000000000003")) {
            billing
                .costs
                .summary(account, new CostQueries.Instance(), "instance", null, LATER)
                .groups()
                .stream()
                .filter(group -> group.running() == 0)
                .forEach(group ->
                    shown.put(String.valueOf(group.key()), cost(account, group.key(), LATER)));
          }
          assertThat(shown).isNotEmpty();
          // What still runs adds a second until the month is over, and nothing to what has stopped.
          assertThat(billing.close.close(OCTOBER).issued()).isPositive();
          Map<String, String> issued = new HashMap<>();
          for (String account : List.of("000000000001", "000000000002", "000000000003")) {
            for (Invoice invoice : billing.issued.of(account)) {
              billing
                  .issued
                  .whole(invoice)
                  .lines()
                  .forEach(line ->
                      issued.merge(
                          line.resourceId(),
                          line.exactAmount(),
                          (one, other) ->
                              new BigDecimal(one).add(new BigDecimal(other)).toPlainString()));
            }
          }
          shown.forEach((resource, amount) ->
              assertThat(
                      new BigDecimal(issued.get(resource)).subtract(new BigDecimal(amount)).abs())
                  .as(resource + " " + amount + " " + issued.get(resource))
                  .isLessThanOrEqualTo(new BigDecimal("0.000001")));
        });
  }

  @Test
  void oneThatHasStoppedShowsWhatIsIssuedToTheLastDecimal() {
    billing.append(Logs.parse("1 RUNNING 2026-10-05T10:00:00.9; 1 GONE 2026-10-05T11:07:13.2"));
    billing.meterAll(10);
    String shown = cost(Logs.ACCOUNT, Logs.RESOURCE, Instant.parse("2026-10-05T11:07:14Z"));
    assertThat(shown).as("4033 s at 0.004 an hour").isEqualTo("0.004481");
    assertThat(cost(Logs.ACCOUNT, Logs.RESOURCE, LATER)).isEqualTo(shown);
    billing.close.close(OCTOBER);
    Invoice issued = billing.issued.whole(billing.issued.of(Logs.ACCOUNT).getFirst());
    assertThat(issued.lines().getFirst().exactAmount()).isEqualTo(shown);
  }

  /// PostgreSQL and Java know no leap second: both take 23:59:60 as the next minute's first second,
  /// so a day has 86,400 s whatever the clocks of the world do. February ends where the calendar
  /// says.
  @ParameterizedTest
  @CsvSource({
    "2026-09-30T23:59:59, 2026-10-01T00:00:01, 1",
    "2026-10-31T23:59:58, 2026-11-01T00:00:00, 2",
    "2026-10-31T23:59:58, 2026-11-05T00:00:00, 2",
    "2026-10-01T00:00:00, 2026-11-01T00:00:00, 2678400",
    "2026-09-01T00:00:00, 2026-12-01T00:00:00, 2678400",
    "2026-10-25T00:00:00, 2026-10-26T00:00:00, 86400"
  })
  void aMonthCountsItsOwnSeconds(String start, String end, long seconds) {
    billing.append(Logs.parse("1 RUNNING " + start + "; 1 GONE " + end));
    billing.meterAll(10);
    Invoice draft = billing.invoices.draft(Logs.ACCOUNT, null, OCTOBER, OCTOBER.closedAsOf());
    assertThat(draft.lines()).singleElement().extracting(Invoice.Line::seconds).isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource({
    "2027-02, 2027-03-01T00:00:00Z, 2419200",
    "2028-02, 2028-03-01T00:00:00Z, 2505600",
    "2100-02, 2100-03-01T00:00:00Z, 2419200",
    "2016-12, 2017-01-01T00:00:00Z, 2678400"
  })
  void aMonthIsAsLongAsTheCalendarSays(String month, String end, long seconds) {
    Period period = Period.of(YearMonth.parse(month));
    assertThat(period.end()).isEqualTo(Instant.parse(end));
    assertThat(java.time.Duration.between(period.start(), period.end()).toSeconds())
        .isEqualTo(seconds);
  }
}
