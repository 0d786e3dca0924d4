package brume.hypervisor.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who runs next: proportional shares by virtual time (each slice adds the processor time used
/// divided by the weight; the least goes first), and whoever sleeps until when. Pure: no clock, no
/// threads, no locks; times are handed in, in nanoseconds. All operations take logarithmic time,
/// and none but `add` takes memory: it must not be left half done where there is none.
///
/// A machine is a [Party] with one share; each of its virtual processors is a [Seat]. So a machine
/// of four harts gets what its weight gives the machine, not four times that, and uses as many
/// processors at once as its share and its own work allow.
///
/// ```
///              take                 idle
///   READY ───────────▶ RUNNING ───────────▶ PARKED
///     ▲                  │  │                 │
///     └──── ready ───────┘  └─ finish ─▶ STOPPED ◀─ stop
///     └──────────── wake, or its time has come ─┘
/// ```
///
/// The ready seats of a party that is suspended, or has used up its cap or its credits, are HELD. A
/// party that did not want to run does not save up virtual time: it comes back at most one slice
/// ahead.
final class ShareQueue {
  /// A cap, and a baseline without credits, are held over periods of this length.
  static final long PERIOD_NANOS = 50_000_000;

  /// By virtual time.
  private final Deadlines<Party> ready = new Deadlines<>();

  private final Deadlines<Party> throttled = new Deadlines<>();
  private final Deadlines<Seat> parked = new Deadlines<>();
  private final long sliceNanos;
  private long numbers;
  private int parties;
  private int places;

  /// The virtual time of who was taken last; newcomers start here.
  private long floor;

  ShareQueue(long sliceNanos) {
    this.sliceNanos = sliceNanos;
  }

  enum State {
    RUNNING,
    READY,
    HELD,
    PARKED,
    STOPPED
  }

  /// One machine. Guarded by whoever guards the queue.
  static final class Party {
    private final Deadlines.Entry<Party> readyEntry;
    private final Deadlines.Entry<Party> throttledEntry;
    private final List<Seat> seats = new ArrayList<>();

    /// Those that want to run, first come, first served.
    private ArrayDeque<Seat> waiting = new ArrayDeque<>();

    private ProcessorShare share;
    private final Allowance cap;
    private @Nullable Allowance credits;
    private int running;
    private long virtualTime;
    private boolean suspended = true;
    private boolean stopping;
    private boolean isThrottled;
    private long cpuNanos;

    private Party(long number, ProcessorShare share, long now) {
      this.readyEntry = new Deadlines.Entry<>(this, number);
      this.throttledEntry = new Deadlines.Entry<>(this, number);
      this.share = share;
      this.cap = new Allowance(share.capPermille(), capNanos(share), capNanos(share), now);
      this.credits = credits(share, now);
    }

    private static @Nullable Allowance credits(ProcessorShare share, long now) {
      BurstCredits burst = share.burst();
      return burst == null
          ? null
          : new Allowance(burst.baselinePermille(), burst.limitNanos(), burst.launchNanos(), now);
    }

    private boolean isHeld() {
      return suspended || isThrottled;
    }

    private boolean isCapped() {
      return share.capPermille() < 1000 * seats.size();
    }

    List<Seat> seats() {
      return seats;
    }

    /// How many of its seats run just now.
    int running() {
      return running;
    }

    long cpuNanos() {
      return cpuNanos;
    }

    /// Never less than nothing; Long.MAX_VALUE where no credits are kept.
    long creditNanos(long now) {
      return credits == null ? Long.MAX_VALUE : Math.max(0, credits.level(now));
    }
  }

  /// One virtual processor's place in the queue.
  static final class Seat {
    final ScheduledWork work;
    final Party party;
    private final Deadlines.Entry<Seat> parkedEntry;
    private State state = State.PARKED;
    private boolean wakePending;

    private Seat(ScheduledWork work, Party party, long number) {
      this.work = work;
      this.party = party;
      this.parkedEntry = new Deadlines.Entry<>(this, number);
    }

    State state() {
      return state == State.READY && party.isHeld() ? State.HELD : state;
    }
  }

  private static long capNanos(ProcessorShare share) {
    return PERIOD_NANOS * share.capPermille() / 1000;
  }

  /// A new machine without processors, suspended until [#resume].
  Party add(ProcessorShare share, long now) {
    ready.reserve(parties + 1);
    throttled.reserve(parties + 1);
    Party party = new Party(numbers++, share, now);
    parties++;
    return party;
  }

  /// A new processor of a machine, parked.
  Seat add(Party party, ScheduledWork work) {
    parked.reserve(places + 1);
    Seat seat = new Seat(work, party, numbers++);
    ArrayDeque<Seat> room = new ArrayDeque<>(party.seats.size() + 1);
    room.addAll(party.waiting);
    party.seats.add(seat);
    party.waiting = room;
    places++;
    return seat;
  }

  /// Credits that a machine had stay its own as far as the new limit allows.
  void setShare(Party party, ProcessorShare share, long now) {
    party.share = share;
    party.cap.change(share.capPermille(), capNanos(share), now);
    BurstCredits burst = share.burst();
    if (burst == null || party.credits == null) {
      party.credits = Party.credits(share, now);
    } else {
      party.credits.change(burst.baselinePermille(), burst.limitNanos(), now);
    }
  }

  boolean hasReady() {
    return !ready.isEmpty();
  }

  /// When the next parked seat's or throttled party's time comes; Long.MAX_VALUE if none has one.
  long nextDeadline() {
    return Math.min(parked.firstTime(), throttled.firstTime());
  }

  /// Makes those ready whose time has come, and takes the one to run; null if there is none.
  @Nullable Seat take(long now) {
    while (parked.firstTime() <= now) {
      Seat seat = parked.poll();
      if (seat == null) {
        break;
      }
      enqueue(seat);
    }
    while (throttled.firstTime() <= now) {
      Party party = throttled.poll();
      if (party == null) {
        break;
      }
      party.isThrottled = false;
      enter(party);
    }
    Party first = ready.poll();
    if (first == null) {
      return null;
    }
    floor = Math.max(floor, first.virtualTime);
    Seat next = first.waiting.remove();
    next.state = State.RUNNING;
    next.wakePending = false;
    first.running++;
    // In advance, so that its next seat takes its turn behind others'; put right by finish.
    first.virtualTime += virtual(first, sliceNanos);
    enter(first);
    return next;
  }

  /// The slice of a running seat is over.
  ///
  /// @param blockedNanos what the slice held its thread beyond `cpuNanos`
  void finish(
      Seat seat, ScheduledWork.Outcome outcome, long cpuNanos, long blockedNanos, long now) {
    Party party = seat.party;
    ready.remove(party.readyEntry);
    party.running--;
    party.cpuNanos += cpuNanos;
    party.virtualTime += virtual(party, cpuNanos + blockedNanos) - virtual(party, sliceNanos);
    if (!party.stopping) {
      charge(party, cpuNanos, now);
    }
    if (party.stopping || outcome instanceof ScheduledWork.Outcome.Finished) {
      seat.state = State.STOPPED;
    } else if (outcome instanceof ScheduledWork.Outcome.Idle(long until)
        && until > now
        && !seat.wakePending) {
      park(seat, until);
    } else {
      enqueue(seat);
    }
    enter(party);
  }

  /// Until half a period's worth is there again, so that it does not run in crumbs.
  private void charge(Party party, long cpuNanos, long now) {
    long until = Long.MIN_VALUE;
    party.cap.use(cpuNanos, now);
    if (party.isCapped() && party.cap.isUsedUp()) {
      until = party.cap.timeOf(capNanos(party.share) / 2);
    }
    Allowance credits = party.credits;
    BurstCredits burst = party.share.burst();
    if (credits != null && burst != null) {
      credits.use(cpuNanos, now);
      if (credits.isUsedUp()) {
        long crumbs = PERIOD_NANOS / 2 * burst.baselinePermille() / 1000;
        until = Math.max(until, credits.timeOf(Math.min(crumbs, burst.limitNanos())));
      }
    }
    if (until > now) {
      throttled.remove(party.throttledEntry);
      party.isThrottled = true;
      throttled.add(party.throttledEntry, until);
    }
  }

  /// Overflows after three years of processor time at weight 1.
  private static long virtual(Party party, long nanos) {
    return nanos * 100 / party.share.weight();
  }

  private void enqueue(Seat seat) {
    seat.state = State.READY;
    seat.party.waiting.add(seat);
    enter(seat.party);
  }

  /// Puts a party where it can be taken, if it may be.
  private void enter(Party party) {
    if (!party.waiting.isEmpty() && !party.isHeld() && !party.readyEntry.isIn()) {
      party.virtualTime = Math.max(party.virtualTime, floor - virtual(party, sliceNanos));
      ready.add(party.readyEntry, party.virtualTime);
    }
  }

  private void park(Seat seat, long deadline) {
    seat.state = State.PARKED;
    if (deadline != Long.MAX_VALUE) {
      parked.add(seat.parkedEntry, deadline);
    }
  }

  /// Something happened that a parked seat should look at; true if it became ready.
  boolean wake(Seat seat) {
    if (seat.state != State.PARKED) {
      seat.wakePending = true;
      return false;
    }
    parked.remove(seat.parkedEntry);
    enqueue(seat);
    return !seat.party.isHeld();
  }

  /// Keeps a machine from running until [#resume]; what runs just now, from the end of its slice.
  void suspend(Party party) {
    ready.remove(party.readyEntry);
    party.suspended = true;
  }

  /// True if something became ready. All its seats look what there is.
  boolean resume(Party party) {
    if (!party.suspended || party.stopping) {
      return false;
    }
    party.suspended = false;
    for (Seat seat : party.seats) {
      wake(seat);
    }
    enter(party);
    return party.readyEntry.isIn();
  }

  /// Out for good, but for what runs just now and will be out at the end of its slice.
  void stop(Party party) {
    ready.remove(party.readyEntry);
    throttled.remove(party.throttledEntry);
    if (!party.stopping) {
      parties--;
      places -= party.seats.size();
    }
    party.stopping = true;
    party.isThrottled = false;
    party.waiting.clear();
    for (Seat seat : party.seats) {
      if (seat.state != State.RUNNING) {
        parked.remove(seat.parkedEntry);
        seat.state = State.STOPPED;
      }
    }
  }
}
