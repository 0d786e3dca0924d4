package brume.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.Resources;
import brume.scheduler.FleetCheckers;
import brume.scheduler.ScriptedNode;
import brume.scheduler.TestFleet;
import brume.scheduler.placement.Demand;
import brume.scheduler.placement.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// T2 on PostgreSQL: what a plan may and may not do to the fleet.
class PlanRaceDbTest {
  private final TestFleet fleet = new TestFleet(1);

  private Demand demand(String instance) {
    return new Demand(instance, "r-1", 1, new Resources(1, 256), null, Set.of());
  }

  @Test
  void schedulersThatRaceNeitherOversubscribeNorPlaceTwice() throws Exception {
    for (int n = 0; n < 6; n++) {
      ScriptedNode.joined(fleet, "n" + n, "z" + n % 3, 8, 2048);
    }
    int launched = 60; // 48 have room
    for (int n = 0; n < launched; n++) {
      fleet.launch(1, 256);
    }
    int schedulers = 4;
    CyclicBarrier together = new CyclicBarrier(schedulers);
    try (ExecutorService threads = Executors.newFixedThreadPool(schedulers)) {
      List<Future<?>> done = new ArrayList<>();
      for (int scheduler = 0; scheduler < schedulers; scheduler++) {
        PlacementRound round = fleet.placement(scheduler);
        done.add(
            threads.submit(() -> {
              for (int n = 0; n < 3; n++) {
                together.await();
                round.run();
              }
              return null;
            }));
      }
      for (Future<?> future : done) {
        future.get();
      }
    }
    FleetCheckers.check(fleet);
    assertThat(
            fleet
                .owner
                .sql("SELECT count(*) FROM scheduling.allocation WHERE released_at IS NULL")
                .query(Integer.class)
                .single())
        .isEqualTo(48);
    assertThat(
            fleet
                .owner
                .sql("SELECT DISTINCT reason FROM scheduling.instance_refusal")
                .query(String.class)
                .list())
        .containsExactly(
            "no node has 1 vCPU and 256 MiB free; the largest free is 0 vCPU and 0 MiB");
  }

  @Test
  void aLostRaceDoesNotLoseThePlan() {
    ScriptedNode one = ScriptedNode.joined(fleet, "n1", "a", 2, 512);
    ScriptedNode two = ScriptedNode.joined(fleet, "n2", "a", 8, 2048);
    List<String> ids = IntStream.range(0, 5).mapToObj(n -> fleet.launch(1, 256)).toList();
    fleet.plans.commit(
        List.of(new Placement(demand(ids.getFirst()), two.id)), fleet.clock.instant());
    fleet.intend(ids.get(4), "STOP");
    int placed =
        fleet.plans.commit(
            List.of(
                new Placement(demand(ids.get(0)), two.id), // another scheduler placed it
                new Placement(demand(ids.get(1)), one.id),
                new Placement(demand(ids.get(2)), one.id),
                new Placement(demand(ids.get(3)), one.id), // no room left
                new Placement(demand(ids.get(4)), two.id)), // not wanted any more
            fleet.clock.instant());
    assertThat(placed).isEqualTo(2);
    FleetCheckers.check(fleet);
    assertThat(fleet.node(one.id)).containsEntry("vcpu_used", 2);
    assertThat(fleet.node(two.id)).containsEntry("vcpu_used", 1);
  }

  @Test
  void drainingSilentAndShrunkNodesTakeNothing() {
    ScriptedNode draining = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    ScriptedNode shrunk = ScriptedNode.joined(fleet, "n2", "b", 4, 1024);
    String running = fleet.launch(2, 512, "b", null);
    fleet.placement(1).run();
    fleet
        .owner
        .sql("UPDATE scheduling.node SET draining = true WHERE id = ?")
        .param(draining.id)
        .update();
    shrunk.capacity = new Resources(1, 256);
    shrunk.sync();
    assertThat(shrunk.desired(running)).as("what it holds stays").isNotNull();
    String waiting = fleet.launch(1, 128);
    fleet.placement(1).run();
    assertThat(fleet.fact(waiting)).isEmpty();
    assertThat(fleet.reason(waiting))
        .isEqualTo("no node has 1 vCPU and 128 MiB free; the largest free is 0 vCPU and 0 MiB");
    assertThat(
            fleet.plans.commit(
                List.of(
                    new Placement(demand(waiting), draining.id),
                    new Placement(demand(waiting), shrunk.id),
                    new Placement(demand(waiting), "node-00000000000000000")),
                fleet.clock.instant()))
        .isZero();
    // It starts by itself when room appears.
    shrunk.capacity = new Resources(4, 1024);
    shrunk.sync();
    fleet.placement(1).run();
    assertThat(fleet.fact(waiting)).containsEntry("node_name", "n2");
    assertThat(fleet.reason(waiting)).isNull();
  }

  /// More wait than one round takes, and the oldest fit nowhere: the rounds go on behind them.
  @Test
  void unplaceableDemandsDoNotHideTheOthers() {
    ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    IntStream.range(0, 25).forEach(n -> fleet.launch(8, 8192));
    String small = fleet.launch(1, 128);
    PlacementRound round =
        new PlacementRound(
            fleet.demands, fleet.plans, fleet.clock, ThreadLocalRandom.current(), 10);
    int rounds = 1;
    while (round.run()) {
      rounds++;
    }
    assertThat(rounds).isEqualTo(3);
    assertThat(fleet.fact(small)).containsEntry("allocated", true);
  }

  @Test
  void aReasonGoesWhenItsInstanceWaitsNoMore() {
    String instance = fleet.launch(1, 128, "nowhere", null);
    fleet.placement(1).run();
    assertThat(fleet.reason(instance)).isEqualTo("no node has joined this cloud yet");
    ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    fleet.placement(1).run();
    assertThat(fleet.reason(instance)).isEqualTo("there is no zone nowhere; there are: a");
    fleet.intend(instance, "TERMINATE");
    fleet.placement(1).run();
    assertThat(fleet.reason(instance)).isNull();
  }
}
