package brume.hypervisor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.machine.ShareQueue.Seat;
import brume.hypervisor.machine.ShareQueue.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The scheduler's decisions, on a clock of our own.
class ShareQueueTest {
  private static final long SLICE = 1_500_000;
  private static final ScheduledWork IDLER = nanos -> ScheduledWork.READY;

  private final ShareQueue queue = new ShareQueue(SLICE);
  private long now = 1_000_000_000;

  private Seat add(ProcessorShare share) {
    Seat seat = queue.add(IDLER, share, now);
    queue.resume(seat);
    return seat;
  }

  /// Whoever is next uses a whole slice.
  private void runBusy(long nanos) {
    for (long end = now + nanos; now < end; ) {
      Seat seat = queue.take(now);
      now += SLICE;
      if (seat != null) {
        queue.finish(seat, ScheduledWork.READY, SLICE, 0, now);
      }
    }
  }

  @Test
  void busySeatsShareByWeight() {
    Seat one = add(ProcessorShare.ofWeight(100));
    Seat three = add(ProcessorShare.ofWeight(300));
    Seat six = add(ProcessorShare.ofWeight(600));
    runBusy(10_000_000_000L);
    assertThat(three.cpuNanos())
        .isBetween(3 * one.cpuNanos() - 4 * SLICE, 3 * one.cpuNanos() + 4 * SLICE);
    assertThat(six.cpuNanos())
        .isBetween(6 * one.cpuNanos() - 7 * SLICE, 6 * one.cpuNanos() + 7 * SLICE);
  }

  @Test
  void aCapHoldsThoughTheProcessorIsFree() {
    Seat capped = add(new ProcessorShare(100, 200));
    runBusy(10_000_000_000L);
    assertThat(capped.cpuNanos() / 1e9).isBetween(1.9, 2.1);
  }

  @Test
  void waitingForADiskCountsForTheShare() {
    Seat blocked = add(ProcessorShare.DEFAULT);
    Seat busy = add(ProcessorShare.DEFAULT);
    for (int i = 0; i < 1000; i++) {
      Seat seat = queue.take(now);
      now += SLICE;
      long cpu = seat == blocked ? SLICE / 10 : SLICE;
      queue.finish(seat, ScheduledWork.READY, cpu, SLICE - cpu, now);
    }
    assertThat(busy.cpuNanos() / SLICE).as("every second slice").isBetween(499L, 501L);
  }

  @Test
  void wakingDoesNotHelpAgainstTheCap() {
    Seat capped = add(new ProcessorShare(100, 100));
    for (long end = now + 2_000_000_000L; now < end; ) {
      queue.wake(capped);
      runBusy(SLICE);
    }
    assertThat(capped.cpuNanos() / 1e9).isBetween(0.18, 0.26);
  }

  @Test
  void sleepersAreReadyAtTheirTimeInOrder() {
    Seat late = add(ProcessorShare.DEFAULT);
    Seat early = add(ProcessorShare.DEFAULT);
    for (int i = 0; i < 2; i++) {
      Seat seat = queue.take(now);
      long until = now + (seat == late ? 5_000 : 3_000);
      queue.finish(seat, new ScheduledWork.Outcome.Idle(until), 10, 0, now);
    }
    assertThat(queue.take(now)).isNull();
    assertThat(queue.nextDeadline()).isEqualTo(now + 3_000);
    assertThat(queue.take(now + 2_999)).isNull();
    assertThat(queue.take(now + 3_000)).isSameAs(early);
    assertThat(queue.take(now + 5_000)).isSameAs(late);
  }

  @Test
  void aWakeDuringTheSliceIsNotLost() {
    Seat seat = add(ProcessorShare.DEFAULT);
    assertThat(queue.take(now)).isSameAs(seat);
    queue.wake(seat);
    queue.finish(seat, new ScheduledWork.Outcome.Idle(Long.MAX_VALUE), 10, 0, now);
    assertThat(queue.take(now)).isSameAs(seat);
    queue.finish(seat, new ScheduledWork.Outcome.Idle(Long.MAX_VALUE), 10, 0, now);
    assertThat(queue.take(now)).isNull();
    assertThat(queue.wake(seat)).isTrue();
    assertThat(queue.take(now)).isSameAs(seat);
  }

  @Test
  void sleepingSavesUpNoMoreThanASlice() {
    Seat sleeper = add(ProcessorShare.DEFAULT);
    queue.finish(queue.take(now), new ScheduledWork.Outcome.Idle(Long.MAX_VALUE), 0, 0, now);
    Seat busy = add(ProcessorShare.DEFAULT);
    runBusy(1_000_000_000L);
    queue.wake(sleeper);
    long before = sleeper.cpuNanos();
    runBusy(100 * SLICE);
    assertThat(sleeper.cpuNanos() - before).isBetween(50 * SLICE, 52 * SLICE);
    assertThat(busy.state()).isEqualTo(State.READY);
  }

  /// Random orders to random seats: each seat stays in exactly one place, nobody runs who is
  /// suspended or stopped.
  @Test
  void seatsAreAlwaysInExactlyOneState() {
    long seed = Long.getLong("brume.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Seat> seats = new ArrayList<>();
    List<Seat> running = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      seats.add(
          queue.add(
              IDLER, new ProcessorShare(1 + random.nextInt(1000), 1 + random.nextInt(1000)), now));
    }
    boolean[] suspended = new boolean[12];
    java.util.Arrays.fill(suspended, true);
    for (int step = 0; step < 20_000; step++) {
      now += random.nextInt(500_000);
      int at = random.nextInt(12);
      switch (random.nextInt(6)) {
        case 0 -> queue.wake(seats.get(at));
        case 1 -> {
          queue.suspend(seats.get(at));
          suspended[at] = true;
        }
        case 2 -> {
          queue.resume(seats.get(at));
          suspended[at] = false;
        }
        case 3, 4 -> {
          Seat taken = queue.take(now);
          if (taken != null) {
            assertThat(running).as("seed %d", seed).doesNotContain(taken);
            assertThat(suspended[seats.indexOf(taken)]).as("seed %d", seed).isFalse();
            running.add(taken);
          }
        }
        default -> {
          if (!running.isEmpty()) {
            Seat done = running.remove(random.nextInt(running.size()));
            queue.finish(done, outcome(random), random.nextInt(3_000_000), 0, now);
          }
        }
      }
      long ready = seats.stream().filter(seat -> seat.state() == State.READY).count();
      long inFlight = seats.stream().filter(seat -> seat.state() == State.RUNNING).count();
      assertThat(queue.readyCount()).as("seed %d step %d", seed, step).isEqualTo((int) ready);
      assertThat(running).hasSize((int) inFlight);
    }
  }

  private ScheduledWork.Outcome outcome(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> ScheduledWork.READY;
      case 1 -> new ScheduledWork.Outcome.Idle(Long.MAX_VALUE);
      default -> new ScheduledWork.Outcome.Idle(now + random.nextInt(5_000_000));
    };
  }
}
