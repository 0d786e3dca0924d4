package brume.billing.meter;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Logs;
import brume.db.ServiceRole;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The loop around the meter: it looks when told to, reads all there is, and outlives what fails.
@Timeout(60)
class MeterLoopDbTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  /// Comes when the test says so; counts the rounds that were done.
  private static final class TestHint implements Hint {
    private final Semaphore hints = new Semaphore(0);
    private final Semaphore rounds = new Semaphore(0);

    @Override
    public void await(Duration most) throws InterruptedException {
      rounds.release();
      hints.acquire();
    }

    void afterARound() throws InterruptedException {
      assertThat(rounds.tryAcquire(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {}
  }

  @Test
  void itReadsAllThereIsAndGoesOnAfterAFailure() throws Exception {
    BillingFixture billing = new BillingFixture();
    List<Transition> log =
        Logs.parse("1 RUNNING 10:00:00; 1 GONE 10:00:10; 2 RUNNING 10:00:11; 2 GONE 10:00:12");
    AtomicBoolean away = new AtomicBoolean();
    TransitionSource source =
        new TransitionSource() {
          @Override
          public List<Transition> after(long seq, int limit) {
            if (away.get()) {
              throw new IllegalStateException("the log is away");
            }
            return billing.log.after(seq, limit);
          }

          @Override
          public long head() {
            return billing.log.head();
          }
        };
    TestHint hint = new TestHint();
    MeterRegistry registry = new SimpleMeterRegistry();
    MeterLoop loop =
        new MeterLoop(
            List.of(new MeterStore(billing.jdbc, billing.transaction, source, billing.clock)),
            hint,
            LONG,
            2,
            registry);
    billing.append(log.subList(0, 3));
    loop.start();
    hint.afterARound();
    assertThat(billing.meter.cursor()).as("more than one batch").isEqualTo(3);
    assertThat(loop.failure()).isNull();

    away.set(true);
    billing.append(log.subList(3, 4));
    hint.hints.release();
    hint.afterARound();
    assertThat(loop.failure()).isEqualTo("the log is away");
    assertThat(billing.meter.cursor()).isEqualTo(3);

    away.set(false);
    hint.hints.release();
    hint.afterARound();
    assertThat(loop.failure()).isNull();
    assertThat(billing.meter.cursor()).isEqualTo(4);
    assertThat(registry.counter("brume.billing.transitions").count()).isEqualTo(4);
    hint.hints.release();
    loop.stop();
    assertThat(loop.isRunning()).isFalse();
  }

  @Test
  void aNotificationIsAHint() throws Exception {
    BillingFixture billing = new BillingFixture();
    try (NotifiedHint hint =
        new NotifiedHint(billing.database.dataSource(ServiceRole.BILLING), NotifiedHint.FACTS)) {
      hint.await(Duration.ofMillis(1)); // listens from here on
      long before = System.nanoTime();
      billing.owner.execute("NOTIFY brume_facts");
      hint.await(LONG);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG);
    }
  }

  @Test
  void aHintWhoseConnectionBreaksListensAgain() throws Exception {
    BillingFixture billing = new BillingFixture();
    try (NotifiedHint hint =
        new NotifiedHint(billing.database.dataSource(ServiceRole.BILLING), NotifiedHint.FACTS)) {
      hint.await(Duration.ofMillis(1));
      billing.owner.execute(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE query = 'LISTEN brume_facts' AND datname = current_database()
          """);
      hint.await(Duration.ofMillis(1)); // finds it broken
      hint.await(Duration.ofMillis(1)); // listens again
      long before = System.nanoTime();
      billing.owner.execute("NOTIFY brume_facts");
      hint.await(LONG);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LONG);
    }
  }
}
