package brume.compute.loop;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Runs a round again and again: on a period, and sooner after a signal. A round takes no input,
/// may be repeated at any time, and does bounded work. One that fails is logged; the next round is
/// the retry.
public final class Loop implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  private final String name;
  private final Duration least;
  private final Duration period;
  private final DatabaseSignals signals;
  private final Runnable round;
  private volatile boolean running;
  private @Nullable Thread thread;

  /// @param least pause between two rounds, however many signals there are
  /// @param period pause when there is no signal
  public Loop(
      String name, Duration least, Duration period, DatabaseSignals signals, Runnable round) {
    this.name = name;
    this.least = least;
    this.period = period;
    this.signals = signals;
    this.round = round;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name(name).start(this::run);
  }

  private void run() {
    String failure = "";
    while (running && !Thread.currentThread().isInterrupted()) {
      long seen = signals.count();
      try {
        round.run();
        failure = "";
      } catch (RuntimeException e) {
        // The same failure each second would hide everything else in the log.
        if (running && !failure.equals(e.getClass().getName())) {
          report(e);
          failure = e.getClass().getName();
        }
      }
      try {
        signals.await(seen, least, period);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void report(RuntimeException fault) {
    if (fault instanceof DataAccessException || fault instanceof TransactionException) {
      LOG.warn("a round of {} failed, and the next is the retry: {}", name, fault.getMessage());
    } else {
      LOG.error("a round of {} failed", name, fault);
    }
  }

  /// Waits for the round that runs, so that it is not cut from its database.
  @Override
  public void stop() {
    running = false;
    Thread stopping = thread;
    if (stopping == null) {
      return;
    }
    try {
      stopping.join(Duration.ofSeconds(1));
      stopping.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /// Before the signals start, and after they have stopped and so let go of who waits for them.
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 1;
  }
}
