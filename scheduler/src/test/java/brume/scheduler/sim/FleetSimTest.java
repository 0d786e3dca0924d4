package brume.scheduler.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import brume.contract.Resources;
import brume.scheduler.FleetCheckers;
import brume.scheduler.TestFleet;
import brume.scheduler.fleet.PlacementRound;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Minutes of a bad day in simulated time: nodes crash and are cut off, the scheduler goes away,
/// messages are late, doubled, reordered or lost, users change their minds, operators close and
/// empty nodes. The real planner, stores, leases and endpoint on real PostgreSQL; simulated are the
/// nodes, the network and the clock.
///
/// `-Dbrume.seed=N` runs one seed.
class FleetSimTest {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final int CHAOS_STEPS = 1_000;
  private static final int CALM_STEPS = 1_000;

  private final List<SimNode> nodes = new ArrayList<>();
  private final GroundTruth truth = new GroundTruth();

  static LongStream seeds() {
    Long given = Long.getLong("brume.seed");
    return given == null ? LongStream.of(1, 2) : LongStream.of(given);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void keepsEveryPromiseThroughABadDay(long seed) {
    System.out.println("FleetSimTest -Dbrume.seed=" + seed);
    TestFleet fleet = new TestFleet(seed);
    Random random = new Random(seed);
    for (int n = 0; n < 6; n++) {
      Resources capacity = new Resources(4 + random.nextInt(5), 2048);
      String id = fleet.join("n" + n, "z" + n % 3, capacity.vcpu(), 2048).nodeId();
      nodes.add(new SimNode(id, capacity, truth, seed * 100 + n));
    }
    SimNetwork network = new SimNetwork(fleet, seed + 1);
    SimUsers users = new SimUsers(fleet, seed + 2);
    List<PlacementRound> schedulers = List.of(fleet.placement(seed), fleet.placement(seed + 3));
    users.launch(12);
    for (int step = 0; step < CHAOS_STEPS + CALM_STEPS; step++) {
      boolean chaos = step < CHAOS_STEPS;
      Instant now = fleet.clock.instant();
      if (chaos) {
        disturb(random, network, users, now);
        operate(random, fleet);
      } else if (step == CHAOS_STEPS) {
        nodes.forEach(
            node -> fleet.want(node.id, node == nodes.getFirst() ? "draining" : "active"));
      }
      network.deliver(now, chaos);
      for (SimNode node : nodes) {
        node.step(now, chaos);
        network.maySend(node, now, chaos);
      }
      boolean schedulerUp = !now.isBefore(network.schedulerDownUntil);
      if (schedulerUp && step % (chaos ? 5 : 10) == 0) {
        schedulers.get(random.nextInt(2)).run();
        fleet.leases.run();
        fleet.drains.run();
      }
      if (step % 10 == 0) {
        users.settle();
      }
      if (step % 200 == 0) {
        FleetCheckers.check(fleet);
      }
      fleet.clock.advance(STEP);
    }
    FleetCheckers.check(fleet);
    hasConverged(fleet);
    isEmptied(fleet, nodes.getFirst());
    billsWhatRan(fleet, network);
    System.out.printf(
        "seed %d: %d instances, %d VMs, %d reports accepted, %d late ones refused%n",
        seed, users.launched(), truth.all.size(), network.accepted, network.refused);
    assertThat(truth.all).as("the day was busy").hasSizeGreaterThan(40);
    assertThat(network.refused).as("and the network bad").isPositive();
  }

  private void disturb(Random random, SimNetwork network, SimUsers users, Instant now) {
    if (random.nextInt(25) == 0 && users.launched() < 45) {
      users.launch(1 + random.nextInt(3));
    }
    if (random.nextInt(8) == 0) {
      users.changeAMind();
    }
    SimNode node = nodes.get(random.nextInt(nodes.size()));
    if (random.nextInt(120) == 0 && node.isUp(now)) {
      node.crash(now, Duration.ofMillis(500 + random.nextInt(40_000)));
    }
    if (random.nextInt(120) == 0) {
      node.cutOffUntil = now.plusMillis(random.nextInt(40_000));
    }
    if (random.nextInt(400) == 0) {
      network.schedulerDownUntil = now.plusMillis(random.nextInt(25_000));
    }
  }

  /// Operators close, empty and open nodes in the middle of it.
  private void operate(Random random, TestFleet fleet) {
    if (random.nextInt(60) == 0) {
      SimNode node = nodes.get(random.nextInt(nodes.size()));
      String wanted =
          List.of("draining", "cordoned", "active", "active", "active").get(random.nextInt(5));
      fleet.want(node.id, wanted);
    }
  }

  /// A drained node holds nothing, unless what it holds would find no place.
  private static void isEmptied(TestFleet fleet, SimNode node) {
    Map<String, Object> row = fleet.node(node.id);
    assertThat(row).containsEntry("draining", true);
    if (row.get("drain_waits_for") == null) {
      assertThat(row).containsEntry("vcpu_used", 0).containsEntry("memory_mib_used", 0);
    }
  }

  /// Everybody has what he wants, or a reason why not; nothing lives that nobody wants.
  private void hasConverged(TestFleet fleet) {
    List<String> odd = new ArrayList<>();
    for (Map<String, Object> row :
        fleet
            .owner
            .sql(
                """
                SELECT i.id, i.intent, i.terminated_at IS NOT NULL AS terminated, f.allocated,
                       f.vm_state, f.epoch, r.reason
                FROM compute.instance i
                LEFT JOIN scheduling.instance_fact f ON f.instance_id = i.id
                LEFT JOIN scheduling.instance_refusal r ON r.instance_id = i.id
                """)
            .query()
            .listOfRows()) {
      GroundTruth.Vm vm = truth.live.get((String) row.get("id"));
      boolean runs = "RUNNING".equals(row.get("vm_state")) && vm != null && vm.runningAt != null;
      boolean fine =
          switch ((String) row.get("intent")) {
            case "RUN" -> runs ? row.get("reason") == null : row.get("reason") != null;
            case "STOP" -> vm == null && !Boolean.TRUE.equals(row.get("allocated"));
            default -> vm == null && (Boolean) row.get("terminated");
          };
      if (!fine || (runs && vm.epoch != (Long) row.get("epoch"))) {
        odd.add(row + " in truth " + vm);
      }
    }
    assertThat(odd).isEmpty();
  }

  /// The log says of each VM how long it ran: as long as it did, but for the time that a report was
  /// under way; for a VM that was lost with its node, until that node was last heard.
  private void billsWhatRan(TestFleet fleet, SimNetwork network) {
    Map<String, GroundTruth.Vm> byKey = new HashMap<>();
    truth.all.forEach(vm -> byKey.put(vm.instanceId + "/" + vm.epoch, vm));
    long delay = SimNetwork.DELAY_MAX.plus(STEP).toMillis();
    int judged = 0;
    for (Map<String, Object> row :
        fleet
            .owner
            .sql(
                """
                SELECT instance_id || '/' || epoch AS key, node_id,
                       (extract(epoch FROM min(at) FILTER (WHERE state = 'RUNNING')) * 1000)::bigint
                         AS began,
                       (extract(epoch FROM max(at) FILTER (WHERE cause IS NOT NULL)) * 1000)::bigint
                         AS ended,
                       (extract(epoch FROM max(recorded_at) FILTER (WHERE cause IS NOT NULL)) * 1000)
                         ::bigint AS recorded,
                       max(cause) AS cause, bool_or(cause IS NOT NULL AND event_sequence IS NULL)
                         AS declared
                FROM scheduling.instance_transition GROUP BY instance_id, epoch, node_id
                """)
            .query()
            .listOfRows()) {
      GroundTruth.Vm vm = byKey.get((String) row.get("key"));
      Long began = (Long) row.get("began");
      Long ended = (Long) row.get("ended");
      if (ended == null || vm == null) {
        continue; // still lives, or never did
      }
      String what = row + ", in truth from " + vm.runningAt + " to " + vm.endedAt;
      boolean declared = (Boolean) row.get("declared");
      assertThat(vm.endedAt).as(what).isNotNull();
      if (declared) {
        assertThat((Long) row.get("recorded"))
            .as("%s is declared only when it is over", what)
            .isGreaterThanOrEqualTo(vm.endedAt.toEpochMilli());
      }
      if (began == null) {
        continue; // ended before it ran
      }
      judged++;
      assertThat(began).as(what).isCloseTo(vm.runningAt.toEpochMilli(), within(delay));
      assertThat(ended).as(what).isLessThanOrEqualTo(vm.endedAt.toEpochMilli() + delay);
      if (declared) {
        long end = ended;
        boolean heardThen =
            network.heard.get((String) row.get("node_id")).stream()
                .anyMatch(at -> at.toEpochMilli() == end);
        assertThat(heardThen || end == began).as("%s ends when it was last heard", what).isTrue();
      } else {
        assertThat(ended).as(what).isCloseTo(vm.endedAt.toEpochMilli(), within(delay));
      }
    }
    assertThat(judged).as("VMs whose bill was judged").isGreaterThan(20);
  }
}
