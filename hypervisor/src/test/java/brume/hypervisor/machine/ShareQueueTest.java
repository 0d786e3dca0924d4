package brume.hypervisor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.machine.ShareQueue.Party;
import brume.hypervisor.machine.ShareQueue.Seat;
import brume.hypervisor.machine.ShareQueue.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The scheduler's decisions, on a clock of our own.
class ShareQueueTest {
  private static final long SLICE = 1_500_000;
  private static final ScheduledWork IDLER = nanos -> ScheduledWork.READY;

  private final ShareQueue queue = new ShareQueue(SLICE);
  private long now = 1_000_000_000;

  /// A machine with one processor for each of `harts`, running.
  private Party machine(ProcessorShare share, int harts) {
    Party party = queue.add(share, now);
    for (int i = 0; i < harts; i++) {
      queue.add(party, IDLER);
    }
    queue.resume(party);
    return party;
  }

  private Seat add(ProcessorShare share) {
    return machine(share, 1).seats().getFirst();
  }

  /// On so many threads; whoever is next uses a whole slice.
  private void runBusy(long nanos, int threads) {
    for (long end = now + nanos; now < end; ) {
      List<Seat> taken = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        Seat seat = queue.take(now);
        if (seat != null) {
          taken.add(seat);
        }
      }
      now += SLICE;
      taken.forEach(seat -> queue.finish(seat, ScheduledWork.READY, SLICE, 0, now));
    }
  }

  private void runBusy(long nanos) {
    runBusy(nanos, 1);
  }

  private static long slices(Party party) {
    return party.cpuNanos() / SLICE;
  }

  @Test
  void busySeatsShareByWeight() {
    Party one = machine(ProcessorShare.ofWeight(100), 1);
    Party three = machine(ProcessorShare.ofWeight(300), 1);
    Party six = machine(ProcessorShare.ofWeight(600), 1);
    runBusy(10_000 * SLICE);
    assertThat(slices(one)).isEqualTo(1000);
    assertThat(slices(three)).isEqualTo(3000);
    assertThat(slices(six)).isEqualTo(6000);
  }

  /// Weights and harts of the machines, threads, and how many of 12,000 slices each gets.
  @ParameterizedTest
  @CsvSource({
    "one thread:         4 harts are no more than 1, 100x4 100x1,            1, 6000 6000",
    "their weight counts,                            300x4 100x1,            1, 9000 3000",
    "two threads:        one each,                   100x4 100x1,            2, 6000 6000",
    "one hart cannot use more than a thread,         100x4 900x1,            2, 6000 6000",
    "three of the four threads are left,             100x4 900x1,            4, 9000 3000",
    "equal shares of both threads,                   100x4 100x4 100x2,      2, 4000 4000 4000",
    "each its own,                                   100x2 200x2 300x2,      2, 2000 4000 6000",
  })
  void aMachineGetsTheShareOfItsWeightHoweverManyHartsItHas(
      String what, String machines, int threads, String expected) {
    List<Party> parties = new ArrayList<>();
    for (String machine : machines.split(" ")) {
      String[] parts = machine.split("x");
      parties.add(
          machine(ProcessorShare.ofWeight(Integer.parseInt(parts[0])), Integer.parseInt(parts[1])));
    }
    runBusy(12_000 / threads * SLICE, threads);
    List<Long> got = parties.stream().map(ShareQueueTest::slices).toList();
    List<Long> wanted = Arrays.stream(expected.split(" ")).map(Long::valueOf).toList();
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(got.get(i))
          .as("%s: %s", what, got)
          .isBetween(wanted.get(i) - 4, wanted.get(i) + 4);
    }
  }

  /// A busy guest cannot take more than its share: who wants little gets all of it.
  @Test
  void whoWantsLessThanItsShareGetsItBesidesTheGreedy() {
    machine(ProcessorShare.ofWeight(100), 8);
    machine(ProcessorShare.ofWeight(100), 8);
    Seat modest = add(ProcessorShare.ofWeight(100));
    long waited = 0;
    int rounds = 0;
    for (long wanted = Long.MAX_VALUE / 2; rounds < 1000; ) {
      Seat seat = queue.take(now);
      long cpu = seat == modest ? SLICE / 4 : SLICE;
      now += cpu;
      if (seat == modest) {
        rounds++;
        waited = Math.max(waited, now - cpu - wanted);
        wanted = now + 4 * SLICE;
        queue.finish(seat, new ScheduledWork.Outcome.Idle(wanted), cpu, 0, now);
      } else {
        queue.finish(seat, ScheduledWork.READY, cpu, 0, now);
      }
    }
    assertThat(waited).as("never longer than the slice under way").isLessThanOrEqualTo(SLICE);
  }

  @Test
  void aCapHoldsThoughTheProcessorIsFree() {
    Party capped = machine(new ProcessorShare(100, 200), 1);
    runBusy(10_000_000_000L);
    assertThat(capped.cpuNanos() / 1e9).isBetween(1.9, 2.1);
  }

  @Test
  void aCapIsForAllHartsTogether() {
    Party capped = machine(new ProcessorShare(100, 1500), 4);
    runBusy(10_000_000_000L, 4);
    assertThat(capped.cpuNanos() / 1e9).isBetween(14.8, 15.2);
  }

  /// 20 % for ever, and two seconds to begin with: 2 s at full speed use up 2.5 s of credit.
  @Test
  void creditsAreSpentThenTheBaselineIsLeft() {
    BurstCredits burst = new BurstCredits(200, 60_000_000_000L, 2_000_000_000L);
    Party party = machine(new ProcessorShare(100, 1000, burst), 1);
    runBusy(2_400_000_000L);
    assertThat(party.cpuNanos()).isEqualTo(2_400_000_000L);
    assertThat(party.creditNanos(now)).isEqualTo(2_000_000_000L - 2_400_000_000L * 8 / 10);
    runBusy(100_000_000);
    long before = party.cpuNanos();
    runBusy(10_000_000_000L);
    assertThat((party.cpuNanos() - before) / 1e9).as("the baseline").isBetween(1.99, 2.01);
    assertThat(party.creditNanos(now)).isLessThan(10_000_000L);
  }

  /// EC2's figures: 10 % of one processor for a day are 144 credits of a minute.
  @Test
  void idleTimeEarnsUpToTheLimit() {
    BurstCredits burst = BurstCredits.ofDay(100, 0);
    assertThat(burst.limitNanos()).isEqualTo(144L * 60 * 1_000_000_000);
    Party party = machine(new ProcessorShare(100, 2000, burst), 2);
    long second = 1_000_000_000;
    assertThat(party.creditNanos(now)).isZero();
    assertThat(party.creditNanos(now + 3600 * second)).isEqualTo(360 * second);
    assertThat(party.creditNanos(now + 1_000_000 * second)).isEqualTo(burst.limitNanos());
  }

  @Test
  void aNewShareKeepsTheCreditsThatWereEarned() {
    BurstCredits burst = new BurstCredits(500, 10_000_000_000L, 4_000_000_000L);
    Party party = machine(new ProcessorShare(100, 1000, burst), 1);
    BurstCredits bigger = new BurstCredits(800, 20_000_000_000L, 20_000_000_000L);
    queue.setShare(party, new ProcessorShare(100, 1000, bigger), now);
    assertThat(party.creditNanos(now)).isEqualTo(4_000_000_000L);
    queue.setShare(party, ProcessorShare.DEFAULT, now);
    assertThat(party.creditNanos(now)).isEqualTo(Long.MAX_VALUE);
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
    assertThat(slices(busy.party)).as("every second slice").isBetween(499L, 501L);
  }

  @Test
  void wakingDoesNotHelpAgainstTheCap() {
    Seat capped = add(new ProcessorShare(100, 100));
    for (long end = now + 2_000_000_000L; now < end; ) {
      queue.wake(capped);
      runBusy(SLICE);
    }
    assertThat(capped.party.cpuNanos() / 1e9).isBetween(0.18, 0.26);
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
    long before = sleeper.party.cpuNanos();
    runBusy(100 * SLICE);
    assertThat(sleeper.party.cpuNanos() - before).isBetween(50 * SLICE, 52 * SLICE);
    assertThat(busy.state()).isEqualTo(State.READY);
  }

  /// Random orders to random machines: each seat stays in exactly one place, nobody runs who is
  /// suspended or stopped.
  @Test
  void seatsAreAlwaysInExactlyOneState() {
    long seed = Long.getLong("brume.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Party> parties = new ArrayList<>();
    List<Seat> seats = new ArrayList<>();
    List<Seat> running = new ArrayList<>();
    Set<Party> suspended = new HashSet<>();
    for (int i = 0; i < 8; i++) {
      Party party = queue.add(randomShare(random), now);
      for (int hart = 0; hart <= random.nextInt(4); hart++) {
        seats.add(queue.add(party, IDLER));
      }
      parties.add(party);
      suspended.add(party);
    }
    for (int step = 0; step < 20_000; step++) {
      now += random.nextInt(500_000);
      Party party = parties.get(random.nextInt(parties.size()));
      switch (random.nextInt(8)) {
        case 0, 1 -> queue.wake(seats.get(random.nextInt(seats.size())));
        case 2 -> {
          if (random.nextInt(3) == 0) {
            queue.suspend(party);
            suspended.add(party);
          }
        }
        case 3 -> {
          queue.resume(party);
          suspended.remove(party);
        }
        case 4, 5 -> {
          Seat taken = queue.take(now);
          if (taken != null) {
            assertThat(running).as("seed %d", seed).doesNotContain(taken);
            assertThat(suspended).as("seed %d", seed).doesNotContain(taken.party);
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
      if (step == 15_000) {
        queue.stop(party);
      }
      long ready = seats.stream().filter(seat -> seat.state() == State.READY).count();
      long inFlight = seats.stream().filter(seat -> seat.state() == State.RUNNING).count();
      assertThat(queue.hasReady()).as("seed %d step %d", seed, step).isEqualTo(ready > 0);
      assertThat(running).as("seed %d step %d", seed, step).hasSize((int) inFlight);
      assertThat(parties.stream().mapToInt(Party::running).sum()).isEqualTo((int) inFlight);
    }
    drain(seed, parties, running);
  }

  private ProcessorShare randomShare(Random random) {
    BurstCredits burst =
        random.nextBoolean() ? null : new BurstCredits(1 + random.nextInt(2000), 50_000_000, 0);
    return new ProcessorShare(1 + random.nextInt(1000), 1 + random.nextInt(4000), burst);
  }

  /// Nothing is lost: resumed and woken, every seat that is not stopped comes to run.
  private void drain(long seed, List<Party> parties, List<Seat> running) {
    for (Seat seat : running) {
      queue.finish(seat, new ScheduledWork.Outcome.Idle(Long.MAX_VALUE), 10, 0, now);
    }
    Set<Seat> ran = new HashSet<>();
    parties.forEach(queue::resume);
    parties.forEach(party -> party.seats().forEach(queue::wake));
    for (int i = 0; i < 1000; i++) {
      now += 1_000_000_000;
      Seat seat = queue.take(now);
      if (seat != null) {
        ran.add(seat);
        queue.finish(seat, new ScheduledWork.Outcome.Idle(Long.MAX_VALUE), 10, 0, now);
      }
    }
    for (Party party : parties) {
      for (Seat seat : party.seats()) {
        assertThat(ran.contains(seat))
            .as("seed %d: %s", seed, seat.state())
            .isEqualTo(seat.state() != State.STOPPED);
      }
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
