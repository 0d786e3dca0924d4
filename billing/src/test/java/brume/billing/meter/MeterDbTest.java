package brume.billing.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Logs;
import brume.billing.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The meter on PostgreSQL with billing's own role: whatever dies, repeats or races, each second is
/// metered once.
class MeterDbTest {
  private static final Instant FROM = Instant.parse("2026-10-25T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-11-22T12:00:00Z");

  /// Ends a process between what it writes and its commit.
  private static final class Killed extends RuntimeException {}

  @Test
  void batchesCrashesAndReplaysNeverChangeWhatIsMetered() {
    BillingFixture whole = new BillingFixture();
    BillingFixture broken = new BillingFixture();
    Seeds.each(
        12,
        random -> {
          whole.clear();
          broken.clear();
          List<Transition> log = new LogGenerator(random, FROM, TO).generate(150);
          whole.append(log);
          whole.meterAll(1000);

          int given = 0;
          while (given < log.size()) {
            int more = Math.min(log.size(), given + 1 + random.nextInt(40));
            broken.append(log.subList(given, more));
            given = more;
            for (int rounds = 1 + random.nextInt(3); rounds > 0; rounds--) {
              int batch = 1 + random.nextInt(20);
              if (random.nextInt(3) == 0) {
                crash(broken, batch);
              }
              broken.meter.advance(batch);
            }
          }
          broken.meterAll(7);
          rewind(broken, random.nextLong(log.size()));
          broken.meterAll(13);

          assertThat(broken.usageRows()).isNotEmpty().isEqualTo(whole.usageRows());
          assertThat(open(broken)).isEqualTo(open(whole));
          assertThat(broken.meter.cursor()).isEqualTo(log.size());
        });
  }

  private static void crash(BillingFixture billing, int batch) {
    assertThatThrownBy(() ->
            billing.transaction.executeWithoutResult(status -> {
              billing.meter.advance(batch);
              throw new Killed();
            }))
        .isInstanceOf(Killed.class);
  }

  private static void rewind(BillingFixture billing, long seq) {
    billing.owner.update("UPDATE billing.meter_cursor SET seq = ?", seq);
  }

  @Test
  void theChainOverTheLogIsTheSameHoweverItIsRead() {
    BillingFixture billing = new BillingFixture();
    List<Transition> log = new LogGenerator(new java.util.Random(3), FROM, TO).generate(60);
    billing.append(log);
    LogChain chain = LogChain.empty();
    log.forEach(chain::add);
    for (int batch : new int[] {1, 7, 100}) {
      billing.owner.execute(
          "DELETE FROM billing.usage; DELETE FROM billing.open_usage;"
              + " UPDATE billing.meter_cursor SET seq = 0, chain = NULL");
      billing.meterAll(batch);
      assertThat(head(billing)).isEqualTo(chain.text());
    }
    billing.owner.execute("UPDATE billing.meter_cursor SET chain = NULL");
    new MeterStore(billing.jdbc, billing.transaction, billing.log, billing.clock).advance(10);
    assertThat(head(billing)).as("of a log metered before there was one").isEqualTo(chain.text());
  }

  private static String head(BillingFixture billing) {
    return billing.jdbc.queryForObject(
        "SELECT encode(chain, 'hex') FROM billing.meter_cursor WHERE log = 'instances'",
        String.class);
  }

  @Test
  void severalMetersTakeTurns() throws Exception {
    BillingFixture billing = new BillingFixture();
    List<Transition> log = new LogGenerator(new java.util.Random(7), FROM, TO).generate(400);
    billing.append(log);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> meters = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        meters.add(threads.submit(() -> readAll(billing)));
      }
      int read = 0;
      for (Future<Integer> meter : meters) {
        read += meter.get();
      }
      assertThat(read).as("each transition by one of them").isEqualTo(log.size());
    }
    BillingFixture alone = new BillingFixture();
    alone.append(log);
    alone.meterAll(1000);
    assertThat(billing.usageRows()).isNotEmpty().isEqualTo(alone.usageRows());
  }

  private static int readAll(BillingFixture billing) {
    int all = 0;
    int read;
    do {
      read = billing.meter.advance(9).read();
      all += read;
    } while (read > 0);
    return all;
  }

  @Test
  void aBatchThatCanNotBeWrittenMovesNothing() {
    BillingFixture billing = new BillingFixture();
    List<Transition> log = Logs.parse("1 RUNNING 10:00:00; 1 GONE 10:00:10");
    billing.append(log.subList(0, 1));
    billing.meterAll(10);
    List<String> before = open(billing);
    billing.owner.update(insert("10:00:05", "10:00:20")); // as no meter of ours would
    billing.append(log.subList(1, 2));
    assertThatThrownBy(() -> billing.meter.advance(10))
        .as("no second twice, whoever is wrong")
        .hasStackTraceContaining("no_second_twice");
    assertThat(billing.meter.cursor()).isEqualTo(1);
    assertThat(open(billing)).isNotEmpty().isEqualTo(before);
  }

  @Test
  void aLogOutOfOrderStopsTheMeter() {
    BillingFixture billing = new BillingFixture();
    List<Transition> log = Logs.parse("1 RUNNING 10:00:00; 1 GONE 10:00:10");
    TransitionSource wrong =
        new TransitionSource() {
          @Override
          public List<Transition> after(long seq, int limit) {
            return log.reversed();
          }

          @Override
          public long head() {
            return 2;
          }
        };
    MeterStore meter = new MeterStore(billing.jdbc, billing.transaction, wrong, billing.clock);
    assertThatThrownBy(() -> meter.advance(10)).hasMessageContaining("out of order");
    assertThat(billing.usageRows()).isEmpty();
  }

  @Test
  void catchingUpReadsWhatIsThereAndNoMore() {
    BillingFixture billing = new BillingFixture();
    billing.meter.catchUp(10);
    assertThat(billing.meter.cursor()).isZero();
    billing.append(Logs.parse("1 RUNNING 10:00:00; 1 GONE 10:00:10; 2 RUNNING 10:00:11"));
    billing.meter.catchUp(2);
    assertThat(billing.meter.cursor()).isEqualTo(2);
    billing.meter.catchUp(2);
    assertThat(billing.meter.cursor()).isEqualTo(3);
  }

  private static final BillingFixture RIGHTS = new BillingFixture();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE scheduling.transition SET at = now()",
        "INSERT INTO scheduling.transition_head VALUES (false, 1)",
        "DELETE FROM scheduling.instance_transition",
        "UPDATE billing.usage SET sku = 'e1.nano'",
        "DELETE FROM billing.usage",
        "DELETE FROM billing.meter_cursor",
        "UPDATE compute.account SET name = 'x'",
        "SELECT digest FROM compute.api_token"
      })
  void billingMayNot(String sql) {
    assertThatThrownBy(() -> RIGHTS.jdbc.execute(sql)).hasStackTraceContaining("permission denied");
  }

  @Test
  void theDatabaseItselfRefusesWhatMustNotBe() {
    BillingFixture billing = new BillingFixture();
    billing.jdbc.update(insert("10:00:00", "10:00:10"));
    refused(billing, insert("10:00:09", "10:00:11"), "no_second_twice");
    refused(billing, insert("10:00:10.5", "10:00:11"), "whole_seconds");
    refused(billing, insert("10:00:12", "10:00:11"), "range lower bound must be less");
    billing.jdbc.update(insert("10:00:10", "10:00:11"));
    billing.jdbc.update(insert("10:00:05", "10:00:05"));
  }

  private static void refused(BillingFixture billing, String sql, String constraint) {
    assertThatThrownBy(() -> billing.jdbc.update(sql)).hasStackTraceContaining(constraint);
  }

  private static int next = 1000;

  private static String insert(String from, String to) {
    next += 2;
    return """
    DO 'BEGIN PERFORM billing.make_usage_month(''2026-11-01''); END';
    INSERT INTO billing.usage (resource_id, meter, account_id, sku, epoch, run_started_at,
      started_at, ended_at, ends_run, closed_by, opened_seq, closed_seq, month)
    VALUES ('%s', 'instance-seconds', '%s', '%s', 1, '2026-11-01T%sZ', '2026-11-01T%sZ',
      '2026-11-01T%sZ', true, 'GONE', %d, %d, '2026-11-01')
    """
        .formatted(Logs.RESOURCE, Logs.ACCOUNT, Books.NANO, from, from, to, next, next + 1);
  }

  private static List<String> open(BillingFixture billing) {
    return billing.jdbc.queryForList(
        "SELECT o::text FROM billing.open_usage o ORDER BY resource_id", String.class);
  }
}
