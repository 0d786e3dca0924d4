package brume.billing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Does a round again and again. A round takes no input, may be done by several services at once,
/// and leaves whatever failed to the next one.
public final class RoundLoop implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(RoundLoop.class);

  private final String name;
  private final Duration period;
  private final Runnable round;
  private volatile @Nullable Thread thread;

  public RoundLoop(String name, Duration period, Runnable round) {
    this.name = name;
    this.period = period;
    this.round = round;
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name(name).start(this::loop);
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
    String failure = "";
    try {
      while (isRunning()) {
        Thread.sleep(period);
        try {
          round.run();
          failure = "";
        } catch (RuntimeException e) {
          // Once for a cause: the same one may last for hours.
          if (isRunning() && !failure.equals(e.getClass().getName())) {
            LOG.error("a round of {} failed, and the next is the retry", name, e);
            failure = e.getClass().getName();
          }
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{} stops", name);
    }
  }
}
