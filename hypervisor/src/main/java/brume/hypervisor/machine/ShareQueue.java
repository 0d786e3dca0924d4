package brume.hypervisor.machine;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who runs next: proportional shares by virtual time (each slice adds the processor time used
/// divided by the weight; the least goes first), and whoever sleeps until when. Pure: no clock, no
/// threads, no locks; times are handed in, in nanoseconds. All operations take logarithmic time.
///
/// ```
///              take                 idle
///   READY ───────────▶ RUNNING ───────────▶ PARKED
///     ▲                  │  │                 │
///     └──── ready ───────┘  └─ finish ─▶ STOPPED ◀─ stop
///     └──────────── wake, or its time has come ─┘
/// ```
///
/// A seat that has used up its cap is parked until it has time again, and waking does not help it.
/// One that was parked does not save up virtual time: it comes back at most one slice ahead.
final class ShareQueue {
  /// The cap is held over periods of this length.
  static final long CAP_PERIOD_NANOS = 50_000_000;

  private final TreeSet<Seat> ready =
      new TreeSet<>(
          Comparator.<Seat>comparingLong(seat -> seat.virtualTime)
              .thenComparingLong(seat -> seat.number));
  private final TreeSet<Seat> parked =
      new TreeSet<>(
          Comparator.<Seat>comparingLong(seat -> seat.deadline)
              .thenComparingLong(seat -> seat.number));
  private final long sliceNanos;
  private long numbers;

  /// The virtual time of who was taken last; newcomers start here.
  private long floor;

  ShareQueue(long sliceNanos) {
    this.sliceNanos = sliceNanos;
  }

  enum State {
    RUNNING,
    READY,
    PARKED,
    STOPPED
  }

  /// One machine's place in the queue. Guarded by whoever guards the queue.
  static final class Seat {
    final ScheduledWork work;
    private final long number;
    private ProcessorShare share;
    private State state = State.PARKED;
    private long virtualTime;
    private long deadline = Long.MAX_VALUE;
    private boolean wakePending;
    private boolean suspended = true;
    private boolean stopping;
    private boolean throttled;
    private long allowance;
    private long allowanceAt;
    private long cpuNanos;

    private Seat(ScheduledWork work, long number, ProcessorShare share) {
      this.work = work;
      this.number = number;
      this.share = share;
    }

    State state() {
      return state;
    }

    long cpuNanos() {
      return cpuNanos;
    }
  }

  /// A new seat, parked and suspended until [#resume].
  Seat add(ScheduledWork work, ProcessorShare share, long now) {
    Seat seat = new Seat(work, numbers++, share);
    seat.allowanceAt = now;
    seat.allowance = capNanos(seat);
    return seat;
  }

  private static long capNanos(Seat seat) {
    return CAP_PERIOD_NANOS * seat.share.capPermille() / 1000;
  }

  void setShare(Seat seat, ProcessorShare share) {
    seat.share = share;
  }

  int readyCount() {
    return ready.size();
  }

  int parkedCount() {
    return parked.size();
  }

  /// When the next parked seat's time comes; Long.MAX_VALUE if none has one.
  long nextDeadline() {
    return parked.isEmpty() ? Long.MAX_VALUE : parked.first().deadline;
  }

  /// Makes those ready whose time has come, and takes the one to run; null if there is none.
  @Nullable Seat take(long now) {
    while (!parked.isEmpty() && parked.first().deadline <= now) {
      Seat seat = parked.pollFirst();
      seat.throttled = false;
      enqueue(seat);
    }
    Seat next = ready.pollFirst();
    if (next != null) {
      floor = Math.max(floor, next.virtualTime);
      next.state = State.RUNNING;
      next.wakePending = false;
    }
    return next;
  }

  /// The slice of a running seat is over.
  ///
  /// @param blockedNanos what the slice held its thread beyond `cpuNanos`
  void finish(
      Seat seat, ScheduledWork.Outcome outcome, long cpuNanos, long blockedNanos, long now) {
    charge(seat, cpuNanos, now);
    seat.virtualTime += virtual(seat, blockedNanos);
    switch (outcome) {
      case ScheduledWork.Outcome.Finished finished -> seat.state = State.STOPPED;
      case ScheduledWork.Outcome.Ready again -> comeBack(seat, Long.MIN_VALUE, now);
      case ScheduledWork.Outcome.Idle idle ->
          comeBack(seat, seat.wakePending ? Long.MIN_VALUE : idle.nanoTime(), now);
    }
  }

  private void comeBack(Seat seat, long deadline, long now) {
    if (seat.stopping) {
      seat.state = State.STOPPED;
    } else if (seat.suspended) {
      seat.state = State.PARKED;
      seat.deadline = deadline;
    } else if (seat.allowance <= 0) {
      // Until half a period's worth is there again, so that it does not run in crumbs.
      long wanted = capNanos(seat) / 2 - seat.allowance;
      seat.throttled = true;
      seat.wakePending = false;
      park(seat, now + wanted * 1000 / seat.share.capPermille());
    } else if (deadline <= now) {
      enqueue(seat);
    } else {
      park(seat, deadline);
    }
  }

  private void charge(Seat seat, long cpuNanos, long now) {
    seat.cpuNanos += cpuNanos;
    seat.virtualTime += virtual(seat, cpuNanos);
    long earned = Math.max(0, now - seat.allowanceAt) * seat.share.capPermille() / 1000;
    seat.allowance = Math.min(capNanos(seat), seat.allowance + earned) - cpuNanos;
    seat.allowanceAt = now;
    if (seat.share.capPermille() == 1000) {
      seat.allowance = capNanos(seat);
    }
  }

  /// Overflows after three years of processor time at weight 1.
  private static long virtual(Seat seat, long nanos) {
    return nanos * 100 / seat.share.weight();
  }

  private void enqueue(Seat seat) {
    seat.virtualTime = Math.max(seat.virtualTime, floor - virtual(seat, sliceNanos));
    seat.state = State.READY;
    ready.add(seat);
  }

  private void park(Seat seat, long deadline) {
    seat.state = State.PARKED;
    seat.deadline = deadline;
    if (deadline != Long.MAX_VALUE) {
      parked.add(seat);
    }
  }

  /// Something happened that a parked seat should look at; true if it became ready.
  boolean wake(Seat seat) {
    if (seat.state != State.PARKED || seat.throttled || seat.suspended) {
      seat.wakePending = true;
      return false;
    }
    parked.remove(seat);
    enqueue(seat);
    return true;
  }

  /// Keeps a seat from running until [#resume]; if it runs just now, from the end of its slice.
  void suspend(Seat seat) {
    if (seat.suspended) {
      return;
    }
    seat.suspended = true;
    if (seat.state == State.READY) {
      ready.remove(seat);
      seat.state = State.PARKED;
      seat.deadline = Long.MIN_VALUE;
    } else if (seat.state == State.PARKED) {
      parked.remove(seat);
    }
  }

  /// True if it became ready.
  boolean resume(Seat seat) {
    if (!seat.suspended || seat.state == State.STOPPED) {
      return false;
    }
    seat.suspended = false;
    if (seat.state != State.PARKED) {
      return false;
    }
    seat.throttled = false;
    enqueue(seat);
    return true;
  }

  /// Out for good; false if it runs just now and will be out at the end of its slice.
  boolean stop(Seat seat) {
    seat.stopping = true;
    switch (seat.state) {
      case RUNNING -> {
        return false;
      }
      case READY -> ready.remove(seat);
      case PARKED -> parked.remove(seat);
      case STOPPED -> {}
    }
    seat.state = State.STOPPED;
    return true;
  }
}
