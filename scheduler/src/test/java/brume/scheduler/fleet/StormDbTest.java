package brume.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import brume.scheduler.FleetCheckers;
import brume.scheduler.ScriptedNode;
import brume.scheduler.TestFleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Everybody who writes the fleet at once, on real connections: nodes that report, schedulers that
/// plan, and one that declares nodes lost. Nobody may wait for another in a circle, and the
/// promises hold after it.
class StormDbTest {
  private static final int NODES = 4;
  private static final int REPORTS = 30;

  private final TestFleet fleet = new TestFleet(1);
  private final AtomicInteger reporting = new AtomicInteger(NODES);

  @Test
  void writersDoNotStandInEachOthersWay() throws Exception {
    long seed = Long.getLong("brume.seed", 11);
    System.out.println("StormDbTest -Dbrume.seed=" + seed);
    List<ScriptedNode> nodes = new ArrayList<>();
    for (int n = 0; n < NODES; n++) {
      nodes.add(ScriptedNode.joined(fleet, "n" + n, "z" + n, 8, 4096));
    }
    for (int n = 0; n < 40; n++) {
      fleet.launch(1, 256);
    }
    List<Callable<Integer>> all = new ArrayList<>();
    for (int n = 0; n < NODES; n++) {
      ScriptedNode node = nodes.get(n);
      Random random = new Random(seed + n);
      all.add(() -> report(node, random));
    }
    all.add(() -> plan(fleet.placement(seed)));
    all.add(() -> plan(fleet.placement(seed + 1)));
    all.add(() -> lose(nodes, new Random(seed - 1)));
    List<Integer> done = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(all.size())) {
      for (Future<Integer> future : all.stream().map(threads::submit).toList()) {
        done.add(future.get()); // a deadlock would end one of them with an exception
      }
    }
    FleetCheckers.check(fleet);
    assertThat(done.getLast()).as("nodes that were lost with something on them").isPositive();
    int transitions =
        fleet.owner.sql("SELECT count(*) FROM scheduling.transition").query(Integer.class).single();
    assertThat(transitions).isGreaterThan(40);
  }

  private int report(ScriptedNode node, Random random) {
    Set<Long> known = new HashSet<>();
    try {
      for (int n = 0; n < REPORTS; n++) {
        node.vms
            .values()
            .removeIf(vm -> node.desired.stream().noneMatch(d -> d.epoch() == vm.epoch()));
        for (DesiredVm vm : node.desired) {
          if (known.add(vm.epoch())) {
            assertThat(vm.intent()).isEqualTo(Intent.RUN);
            node.happens(vm.instanceId(), VmState.RUNNING);
          } else if (node.vms.containsKey(vm.instanceId()) && random.nextInt(3) == 0) {
            node.happens(vm.instanceId(), VmState.FAILED, EndCause.NODE_REFUSED, "no memory");
          }
        }
        node.sync();
        fleet.clock.advance(Duration.ofMillis(200));
      }
    } finally {
      reporting.decrementAndGet();
    }
    return 0;
  }

  private int plan(PlacementRound round) {
    while (reporting.get() > 0) {
      round.run();
    }
    return 0;
  }

  /// A scheduler whose clock is far ahead.
  private int lose(List<ScriptedNode> nodes, Random random) {
    int lost = 0;
    while (reporting.get() > 0) {
      String nodeId = nodes.get(random.nextInt(NODES)).id;
      var ahead = fleet.clock.instant().plus(TestFleet.LEASE).plusSeconds(1);
      if (fleet.leaseStore.declareLost(nodeId, ahead, Duration.ZERO).isPresent()) {
        lost++;
      }
    }
    return lost;
  }
}
