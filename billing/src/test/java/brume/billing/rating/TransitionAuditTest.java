package brume.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Logs;
import brume.billing.Seeds;
import brume.billing.meter.Meter;
import brume.billing.meter.MeterPosition;
import brume.billing.meter.OpenUsage;
import brume.billing.meter.Transition;
import brume.billing.meter.UsageRecord;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.PriceIndex;
import brume.billing.pricing.PriceSchedule;
import brume.contract.VmState;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The audit against the slowest billing there is: the meter's records, priced second by second.
class TransitionAuditTest {
  private static final PriceSchedule PRICES = new PriceSchedule("USD", List.of(Books.changing()));
  private static final Period NOVEMBER = Period.of(YearMonth.of(2026, 11));

  @Test
  void secondBySecondItIsTheSame() {
    Instant change = Instant.parse("2026-11-15T12:00:00Z");
    for (Instant around : List.of(change, NOVEMBER.start(), NOVEMBER.end())) {
      Seeds.each(
          60,
          random -> {
            List<Transition> log =
                new LogGenerator(random, around.minusSeconds(900), around.plusSeconds(900))
                    .generate(150);
            Instant asOf = around.plusSeconds(random.nextLong(3600));
            TransitionAudit audit = new TransitionAudit(Meter.INSTANCE_SECONDS, PRICES, NOVEMBER);
            log.forEach(audit::accept);
            assertThat(units(audit, asOf)).isEqualTo(secondBySecond(log, asOf));
          });
    }
  }

  private static Map<TransitionAudit.Key, Long> units(TransitionAudit audit, Instant asOf) {
    Map<TransitionAudit.Key, Long> units = new HashMap<>();
    audit.end(asOf);
    audit.sums((resource, account, sku, book, sum) ->
        units.put(new TransitionAudit.Key(account, resource, sku, book), sum));
    return units;
  }

  /// Any number of repetitions, at any times, between a start and its end.
  @Test
  void factsThatSayNothingNewCostNothing() {
    Seeds.each(
        300,
        random -> {
          List<String> plain = new ArrayList<>();
          List<String> repeated = new ArrayList<>();
          int second = 0;
          for (int epoch = 1; epoch <= 20; epoch++) {
            second += random.nextInt(30);
            String start = epoch + " RUNNING " + time(second);
            plain.add(start);
            repeated.add(start);
            for (int i = random.nextInt(4); i > 0; i--) {
              repeated.add(epoch + " RUNNING " + time(random.nextInt(3000)));
              repeated.add((epoch - 1) + " GONE " + time(random.nextInt(3000)));
              repeated.add((epoch + 1) + " STARTING " + time(random.nextInt(3000)));
            }
            second += random.nextInt(100);
            String end = epoch + " GONE " + time(second);
            plain.add(end);
            repeated.add(end);
          }
          assertThat(cost(repeated)).isEqualTo(cost(plain));
        });
  }

  private static String time(int second) {
    return "2026-11-15T%02d:%02d:%02d"
        .formatted(11 + (1800 + second) / 3600, (1800 + second) / 60 % 60, second % 60);
  }

  private static Map<TransitionAudit.Key, Long> cost(List<String> log) {
    TransitionAudit audit = new TransitionAudit(Meter.INSTANCE_SECONDS, PRICES, NOVEMBER);
    Logs.parse(String.join(";", log)).forEach(audit::accept);
    return units(audit, NOVEMBER.end());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ten seconds at the first price      | 1 RUNNING 10:00:00; 1 GONE 10:00:10                                 | 10 x 4000
          half a second is one                | 1 RUNNING 10:00:00.1; 1 GONE 10:00:00.6                             | 1 x 4000
          ten seconds of a minimum of sixty   | 1 RUNNING 2026-11-20T10:00:00; 1 GONE 2026-11-20T10:00:10           | 60 x 7013
          a minimum is for a run, moved or not| 1 MIGRATING 2026-11-20T10:00:00; 2 RUNNING 2026-11-20T10:00:20; 2 GONE 2026-11-20T10:00:50 | 60 x 7013
          each start has its own minimum      | 1 RUNNING 2026-11-20T10:00:00; 1 GONE 2026-11-20T10:00:10; 2 RUNNING 2026-11-20T10:00:11; 2 GONE 2026-11-20T10:01:20 | 129 x 7013
          over the change of price            | 1 RUNNING 2026-11-15T11:59:50; 1 GONE 2026-11-15T12:00:05           | 10 x 4000 + 5 x 7013
          a start at the change               | 1 RUNNING 2026-11-15T12:00:00; 1 GONE 2026-11-15T12:00:05           | 60 x 7013
          into the month                      | 1 RUNNING 2026-10-31T23:59:00; 1 GONE 2026-11-01T00:00:30           | 30 x 4000
          ended with the month before         | 1 RUNNING 2026-10-31T23:59:00; 1 GONE 2026-11-01T00:00:00           |
          out of the month                    | 1 RUNNING 2026-11-30T23:59:00; 1 GONE 2026-12-01T00:00:30           | 60 x 7013
          the minimum is due with its end     | 1 RUNNING 2026-11-30T23:59:50; 1 GONE 2026-12-01T00:00:05           | 10 x 7013
          ended with this month               | 1 RUNNING 2026-11-30T23:59:50; 1 GONE 2026-12-01T00:00:00           | 60 x 7013
          """)
  void aLogCosts(String title, String log, String sum) {
    TransitionAudit audit = new TransitionAudit(Meter.INSTANCE_SECONDS, PRICES, NOVEMBER);
    Logs.parse(log).forEach(audit::accept);
    Amount expected = Amount.ZERO;
    for (String term : sum == null ? new String[0] : sum.split(" \\+ ")) {
      String[] factors = term.split(" x ");
      expected = expected.plus(cost(Long.parseLong(factors[0]), Long.parseLong(factors[1])));
    }
    PriceIndex index = new PriceIndex(PRICES);
    Amount total =
        units(audit, NOVEMBER.end()).entrySet().stream()
            .map(used ->
                cost(
                    used.getValue(),
                    index
                        .price(
                            used.getKey().priceBookId(),
                            Meter.INSTANCE_SECONDS,
                            used.getKey().sku())
                        .rate()
                        .listMicros()))
            .reduce(Amount.ZERO, Amount::plus);
    assertThat(total).isEqualTo(expected);
  }

  private static Amount cost(long seconds, long micros) {
    return Amount.of(
        BigInteger.valueOf(seconds).multiply(BigInteger.valueOf(micros)),
        Meter.INSTANCE_SECONDS.unitsPerPrice());
  }

  private static Map<TransitionAudit.Key, Long> secondBySecond(List<Transition> log, Instant asOf) {
    Map<String, MeterPosition> positions = new HashMap<>();
    Map<TransitionAudit.Key, Long> sums = new HashMap<>();
    for (Transition fact : log) {
      MeterPosition.Step step =
          positions
              .computeIfAbsent(
                  fact.resourceId(), id -> MeterPosition.initial(id, Meter.INSTANCE_SECONDS))
              .next(fact);
      positions.put(fact.resourceId(), step.position());
      UsageRecord closed = step.closed();
      if (closed != null) {
        charge(sums, closed);
      }
    }
    for (MeterPosition position : positions.values()) {
      OpenUsage open = position.open();
      if (open != null) {
        charge(
            sums,
            new UsageRecord(
                open.resourceId(),
                open.meter(),
                open.accountId(),
                open.sku(),
                open.epoch(),
                open.runStartedAt(),
                open.startedAt(),
                asOf.isBefore(open.startedAt()) ? open.startedAt() : asOf,
                true,
                VmState.GONE,
                open.openedSeq(),
                Long.MAX_VALUE,
                1,
                null));
      }
    }
    return sums;
  }

  private static void charge(Map<TransitionAudit.Key, Long> sums, UsageRecord record) {
    Instant last = record.startedAt();
    for (Instant second = record.startedAt();
        second.isBefore(record.endedAt());
        second = second.plusSeconds(1)) {
      if (NOVEMBER.contains(second)) {
        add(sums, record, second, 1);
      }
      last = second;
    }
    long ran = record.endedAt().getEpochSecond() - record.runStartedAt().getEpochSecond();
    long missing = price(record.runStartedAt(), record).minimumSeconds() - ran;
    if (record.endsRun() && missing > 0 && NOVEMBER.contains(last)) {
      add(sums, record, record.runStartedAt(), missing);
    }
  }

  private static void add(
      Map<TransitionAudit.Key, Long> sums, UsageRecord record, Instant priced, long seconds) {
    sums.merge(
        new TransitionAudit.Key(
            record.accountId(),
            record.resourceId(),
            record.sku(),
            PRICES.at(priced).orElseThrow().id()),
        seconds,
        Math::addExact);
  }

  private static Price price(Instant second, UsageRecord record) {
    PriceBook book = PRICES.at(second).orElseThrow();
    return book.price(record.meter().name(), record.sku()).orElseThrow();
  }
}
