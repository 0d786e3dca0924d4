package brume.hypervisor.machine;

import brume.hypervisor.machine.ShareQueue.Seat;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One of a machine's processors, as the [VirtualProcessorScheduler] runs it: one hart, or all of
/// them in turns. It goes on while a hart of it has something to do, and is parked when none has;
/// what may change that wakes it.
final class VirtualProcessor implements ScheduledWork {
  /// What it takes a thread to change to another processor: it counts for the share of who gave
  /// way, so that a guest gains nothing by doing nothing else.
  private static final long CHANGE_NANOS = 3_000;

  private final VirtualMachine machine;
  private final LongSupplier nanoTime;
  private final int firstHart;
  private final int harts;
  private @Nullable Seat seat;
  private int turn;
  private long blockedNanos;

  /// Whether it will look at its harts and the machine's messages again before it is parked. Set
  /// and read against what others leave for it, so that nothing is overlooked and nobody is woken
  /// who is awake.
  private volatile boolean looks;

  /// For harts `firstHart` to `firstHart + harts - 1`.
  VirtualProcessor(VirtualMachine machine, LongSupplier nanoTime, int firstHart, int harts) {
    this.machine = machine;
    this.nanoTime = nanoTime;
    this.firstHart = firstHart;
    this.harts = harts;
  }

  boolean has(int hart) {
    return hart >= firstHart && hart < firstHart + harts;
  }

  /// Before it first runs.
  void sit(Seat newSeat) {
    seat = newSeat;
  }

  /// Something was left for it; any thread.
  void wake(VirtualProcessorScheduler scheduler) {
    Seat place = seat;
    if (!looks && place != null) {
      scheduler.wake(place);
    }
  }

  @Override
  public Outcome runSlice(long nanos) {
    blockedNanos = 0;
    if (!machine.occupancy().enter()) {
      MachineExit postponed = machine.occupancy().takeUp();
      if (postponed != null) {
        return machine.carryOut(postponed);
      }
      // Who changes the machine wakes all its processors then.
      return machine.hasEnded() ? FINISHED : UNTIL_WOKEN;
    }
    Outcome outcome;
    try {
      outcome = runTurns(nanos);
      blockedNanos += machine.publish();
    } catch (Throwable broken) {
      // Whatever it is, the thread belongs to all machines and the fault to this one.
      machine.fail(broken);
      outcome = READY;
    }
    MachineExit wanted = machine.occupancy().leave();
    return wanted == null ? outcome : machine.carryOut(wanted);
  }

  private Outcome runTurns(long nanos) {
    long end = nanoTime.getAsLong() + nanos;
    Board board = machine.board();
    looks = true;
    do {
      machine.attend(false);
      boolean active = runTurn(board);
      if (machine.occupancy().isAsked()) {
        return READY;
      }
      if (!active) {
        looks = false;
        machine.attend(true);
        if (!board.hasWork(firstHart, harts)) {
          return idle(board);
        }
        looks = true;
      } else if (harts == 1 && board.hasGivenWay(firstHart)) {
        // The hart it waits for may be the next on this thread.
        blockedNanos += CHANGE_NANOS;
        return READY;
      }
    } while (nanoTime.getAsLong() < end);
    return READY;
  }

  /// Of the next hart that has something to do; false if none has.
  private boolean runTurn(Board board) {
    for (int tried = 0; tried < harts; tried++) {
      int hart = firstHart + turn;
      turn = (turn + 1) % harts;
      if (board.runTurn(hart)) {
        return true;
      }
    }
    return false;
  }

  private Outcome idle(Board board) {
    long wait = board.nanosToNextTimer(firstHart, harts);
    if (wait == Long.MAX_VALUE) {
      return UNTIL_WOKEN;
    }
    return wait == 0 ? READY : new Outcome.Idle(nanoTime.getAsLong() + wait);
  }

  @Override
  public long takeBlockedNanos() {
    long taken = blockedNanos;
    blockedNanos = 0;
    return taken;
  }
}
