package brume.scheduler.fleet;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// 'Something may have changed': a count that only grows. Who waits for it to pass what he saw
/// never misses one; correctness needs none of them.
public final class Hints {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private long count;

  public void give() {
    lock.lock();
    try {
      count++;
      given.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is a hint newer than `seen`, or for `atMost`.
  ///
  /// @return the newest hint, to be given as `seen` the next time
  public long await(long seen, Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (count == seen && nanos > 0) {
        nanos = given.awaitNanos(nanos);
      }
      return count;
    } finally {
      lock.unlock();
    }
  }
}
