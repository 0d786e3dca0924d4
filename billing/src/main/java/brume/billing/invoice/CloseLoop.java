package brume.billing.invoice;

import brume.billing.rating.Period;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Closes the month before, once it may be closed. Looks on a period, takes no input and leaves
/// whatever failed to the next round.
public final class CloseLoop implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(CloseLoop.class);

  private final MonthClose close;
  private final Clock clock;
  private final Duration period;
  private volatile @Nullable Thread thread;
  private @Nullable YearMonth done;

  public CloseLoop(MonthClose close, Clock clock, Duration period) {
    this.close = close;
    this.clock = clock;
    this.period = period;
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("close-month").start(this::loop);
  }

  @Override
  public void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  private void loop() {
    try {
      while (isRunning()) {
        Thread.sleep(period);
        round();
      }
    } catch (InterruptedException e) {
      LOG.debug("closing months stops");
    }
  }

  private void round() {
    YearMonth before = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC)).minusMonths(1);
    Period month = Period.of(before);
    if (before.equals(done) || clock.instant().isBefore(close.opens(month))) {
      return;
    }
    try {
      MonthClose.Outcome outcome = close.close(month);
      LOG.info(
          "{}: {} invoices issued, {} were there, {} wait",
          before,
          outcome.issued(),
          outcome.unchanged(),
          outcome.waiting());
      done = outcome.audit().agrees() && outcome.waiting() == 0 ? before : null;
    } catch (RuntimeException e) {
      LOG.error("{} is not closed, and will be tried again: {}", before, e.getMessage(), e);
    }
  }
}
