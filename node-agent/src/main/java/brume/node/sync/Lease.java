package brume.node.sync;

import brume.node.vm.MonotonicClock;
import java.util.OptionalLong;

/// The right to run VMs, for a time that is counted from when the node *sent* the request that was
/// answered: the scheduler counts from when it received it, which is later, so it never gives an
/// instance to another node while this one still believes in its lease.
public final class Lease {
  private final MonotonicClock clock;
  private boolean held;
  private long endNanos;

  public Lease(MonotonicClock clock) {
    this.clock = clock;
  }

  /// An older answer that comes late does not shorten the lease.
  public synchronized void renew(long sentNanos, int leaseMillis) {
    long end = sentNanos + leaseMillis * 1_000_000L;
    if (end - clock.nanos() > 0 && (!held || end - endNanos > 0)) {
      held = true;
      endNanos = end;
    }
  }

  /// True once each time a lease that was held is over.
  public synchronized boolean justOver() {
    if (held && clock.nanos() - endNanos >= 0) {
      held = false;
      return true;
    }
    return false;
  }

  /// Empty where none is held.
  public synchronized OptionalLong leftNanos() {
    long left = endNanos - clock.nanos();
    return held && left > 0 ? OptionalLong.of(left) : OptionalLong.empty();
  }
}
