package brume.compute.instance;

import brume.compute.access.Caller;
import brume.compute.loop.DatabaseSignals;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.contract.InstanceState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/// Holds a request until its instance is in a state. A signal that facts changed makes it look, and
/// without one it looks every half second; never more often than every 50 ms, however many facts
/// there are.
@Component
class InstanceWaits {
  static final List<String> STATES = List.of("running", "stopped", "terminated");

  private static final int WAITERS_MAX = 500;
  private static final Duration LOOK_LEAST = Duration.ofMillis(50);
  private static final Duration LOOK_MOST = Duration.ofMillis(500);

  private final InstanceQueries queries;
  private final DatabaseSignals signals;
  private final Semaphore waiters = new Semaphore(WAITERS_MAX);

  InstanceWaits(InstanceQueries queries, DatabaseSignals signals) {
    this.queries = queries;
    this.signals = signals;
  }

  InstanceView until(Caller caller, String id, InstanceState wanted, Duration timeout) {
    if (!waiters.tryAcquire()) {
      throw new Refused(
          new Refusal.Busy(
              "too_many_waiters",
              "already " + WAITERS_MAX + " requests wait for instances; ask again without wait",
              2));
    }
    try {
      long end = System.nanoTime() + timeout.toNanos();
      while (true) {
        long seen = signals.count();
        Instance instance = queries.require(caller, id);
        long left = end - System.nanoTime();
        if (isSettled(instance, wanted) || left <= 0 || signals.isStopped()) {
          return InstanceView.of(instance, caller.principal());
        }
        Duration most = Duration.ofNanos(Math.min(left, LOOK_MOST.toNanos()));
        signals.await(seen, LOOK_LEAST.compareTo(most) < 0 ? LOOK_LEAST : most, most);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return queries.get(caller, id);
    } finally {
      waiters.release();
    }
  }

  /// There, or where it can't come to `wanted` unless somebody asks for it.
  private static boolean isSettled(Instance instance, InstanceState wanted) {
    InstanceState state = instance.state();
    return state == wanted
        || state == InstanceState.TERMINATED
        || switch (instance.intent()) {
          case RUN -> false; // it may start, and its guest may power off
          case STOP, HIBERNATE -> wanted == InstanceState.RUNNING;
          case TERMINATE -> wanted != InstanceState.TERMINATED;
        };
  }
}
