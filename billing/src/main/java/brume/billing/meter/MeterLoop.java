package brume.billing.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Keeps the meter close behind the log: looks when hinted and once a period, reads batch after
/// batch until nothing is left, and leaves whatever failed to the next round.
public final class MeterLoop implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(MeterLoop.class);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  private final List<MeterStore> stores;
  private final Hint hint;
  private final Duration period;
  private final int batchMax;
  private final Counter transitions;
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private volatile boolean stopping;
  private volatile @Nullable Thread thread;

  public MeterLoop(
      List<MeterStore> stores, Hint hint, Duration period, int batchMax, MeterRegistry registry) {
    this.stores = List.copyOf(stores);
    this.hint = hint;
    this.period = period;
    this.batchMax = batchMax;
    this.transitions =
        Counter.builder("brume.billing.transitions")
            .description("transitions that this service has metered")
            .register(registry);
  }

  @Override
  public void start() {
    stopping = false;
    thread = Thread.ofVirtual().name("meter").start(this::loop);
  }

  @Override
  public void stop() {
    stopping = true;
    Thread running = thread;
    thread = null;
    if (running == null) {
      return;
    }
    try {
      // Not interrupted: that would break its connection, and it looks up within a period anyway.
      running.join(STOP_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /// Before the web server, which stops first and starts last.
  @Override
  public int getPhase() {
    return 0;
  }

  /// Why the last round did not work, null when it did.
  public @Nullable String failure() {
    return failure.get();
  }

  private void loop() {
    try (hint) {
      while (!stopping) {
        round();
        hint.await(period);
      }
    } catch (InterruptedException e) {
      LOG.debug("the meter stops");
    }
  }

  private void round() {
    try {
      for (MeterStore store : stores) {
        int read;
        do {
          read = store.advance(batchMax).read();
          transitions.increment(read);
        } while (read == batchMax && !stopping);
      }
      if (failure.getAndSet(null) != null) {
        LOG.info("the meter goes on");
      }
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      // Once for a cause: the same one may last for hours.
      if (!stopping && !message.equals(failure.getAndSet(message))) {
        LOG.error("the meter stands still and tries again: {}", message, e);
      }
    }
  }
}
