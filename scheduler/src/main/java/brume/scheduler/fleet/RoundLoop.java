package brume.scheduler.fleet;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Runs a round on a hint and on a period. A round takes no input, is idempotent and does bounded
/// work; one that fails is logged, and the next one is the retry.
public final class RoundLoop implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(RoundLoop.class);

  /// Hints that come close together make one round.
  private static final long REST_NANOS_MIN = 10_000_000;

  /// A loop rests this many times as long as its last round took, so that hints without end leave
  /// it a quarter of one processor: what looks at everything that waits must not slow down what
  /// lets more come.
  private static final int REST_FACTOR = 3;

  /// How a loop stops within the time that a service has to end.
  private static final Duration STOP_MAX = Duration.ofSeconds(3);

  private final String name;
  private final Duration period;
  private final Hints hints;
  private final Round round;
  private volatile @Nullable Thread thread;
  private volatile boolean running;
  private boolean failed;

  /// A round; true when it stopped at its bound and there is more to do now.
  public interface Round {
    boolean run();
  }

  public RoundLoop(String name, Duration period, Hints hints, Round round) {
    this.name = name;
    this.period = period;
    this.hints = hints;
    this.round = round;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name(name).start(this::loop);
  }

  private void loop() {
    long seen = 0;
    while (running) {
      boolean more = false;
      long start = System.nanoTime();
      try {
        more = round.run();
        if (failed) {
          LOG.info("{}: works again", name);
        }
        failed = false;
      } catch (RuntimeException e) {
        if (!failed && running) {
          LOG.warn("{}: this round failed and the next ones try again: {}", name, e.toString());
        }
        LOG.debug("{}", name, e);
        failed = true;
      }
      try {
        long rest = Math.max((System.nanoTime() - start) * REST_FACTOR, REST_NANOS_MIN);
        Thread.sleep(Duration.ofNanos(Math.min(rest, period.toNanos())));
        if (!more) {
          seen = hints.await(seen, period);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// Loops stop at the same time, not one after the other.
  @Override
  public void stop(Runnable callback) {
    Thread.ofVirtual()
        .name(name + "-stop")
        .start(() -> {
          stop();
          callback.run();
        });
  }

  @Override
  public void stop() {
    running = false;
    Thread current = thread;
    if (current == null) {
      return;
    }
    hints.give();
    try {
      if (!current.join(STOP_MAX)) {
        current.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
