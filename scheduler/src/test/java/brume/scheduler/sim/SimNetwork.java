package brume.scheduler.sim;

import brume.contract.sync.SyncRequest;
import brume.contract.sync.SyncResponse;
import brume.scheduler.TestFleet;
import brume.scheduler.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/// Carries reports and answers: late, twice, in another order, or not at all.
final class SimNetwork {
  static final Duration DELAY_MAX = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final TestFleet fleet;
  private final Random random;
  private final PriorityQueue<Message> under =
      new PriorityQueue<>(Comparator.comparing(Message::dueAt).thenComparingLong(Message::number));
  private long number;
  int accepted;
  int refused;
  Instant schedulerDownUntil = Instant.MIN;

  /// When each node was last heard, as the scheduler acknowledged it: the judge of what is billed.
  final Map<String, List<Instant>> heard = new HashMap<>();

  private sealed interface Message {
    Instant dueAt();

    long number();
  }

  private record Up(Instant dueAt, long number, SimNode node, SyncRequest report, Instant sentAt)
      implements Message {}

  private record Down(
      Instant dueAt, long number, SimNode node, SyncResponse answer, String boot, Instant sentAt)
      implements Message {}

  SimNetwork(TestFleet fleet, long seed) {
    this.fleet = fleet;
    this.random = new Random(seed);
  }

  private Instant due(Instant now, boolean chaos) {
    int millis = chaos && random.nextInt(5) == 0 ? (int) DELAY_MAX.toMillis() : 20;
    return now.plusMillis(1 + random.nextInt(millis));
  }

  private boolean lost(boolean chaos) {
    return chaos && random.nextInt(12) == 0;
  }

  void maySend(SimNode node, Instant now, boolean chaos) {
    boolean waits =
        node.outstandingSentAt != null && now.isBefore(node.outstandingSentAt.plus(TIMEOUT));
    if (!node.isHeard(now) || waits || now.isBefore(node.nextSyncAt)) {
      return;
    }
    node.outstandingSentAt = now;
    node.nextSyncAt = now.plusMillis(200 + random.nextInt(1_000));
    SyncRequest report = node.report(now);
    int copies = lost(chaos) ? 0 : chaos && random.nextInt(4) == 0 ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      under.add(new Up(due(now, chaos), number++, node, report, now));
    }
  }

  void deliver(Instant now, boolean chaos) {
    while (!under.isEmpty() && !under.peek().dueAt().isAfter(now)) {
      switch (under.remove()) {
        case Up up -> report(up, now, chaos);
        case Down down -> {
          if (down.node().isHeard(now)) {
            down.node().answered(down.answer(), down.boot(), down.sentAt());
          }
        }
      }
    }
  }

  private void report(Up up, Instant now, boolean chaos) {
    if (now.isBefore(schedulerDownUntil)) {
      return;
    }
    try {
      SyncResponse answer = fleet.sync.sync(up.node().id, up.report());
      accepted++;
      heard.computeIfAbsent(up.node().id, id -> new ArrayList<>()).add(now);
      if (!lost(chaos)) {
        under.add(
            new Down(
                due(now, chaos), number++, up.node(), answer, up.report().bootId(), up.sentAt()));
      }
    } catch (ProblemException late) {
      // Only what the network did to it: a late or doubled report, or one of an earlier boot.
      if (late.problem().status() != 409) {
        throw late;
      }
      refused++;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
