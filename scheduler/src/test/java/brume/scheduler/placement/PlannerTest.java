package brume.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import brume.contract.Resources;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlannerTest {
  private static final Planner PLANNER = new Planner();

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void plansAsTheTableSays(String name, String given, String plan) {
    PlanText text = PlanText.of(given);
    assertThat(PlanText.text(PLANNER.plan(text.fleet(), text.demands(), Policy.STANDARD, 1)))
        .isEqualTo(plan.strip());
  }

  private static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(
            "best fit: the fuller node is filled up",
            """
            node n1 a 8/8192
            node n2 a 8/8192 used 6/6144
            want i1 1/1024
            """,
            "i1 -> n2"),
        Arguments.of(
            "best fit looks at the scarcer resource: here memory, of which less is free",
            """
            node n1 a 8/8192 used 1/6144
            node n2 a 8/8192 used 7/4096
            want i1 1/1024
            """,
            "i1 -> n1"),
        Arguments.of(
            "and here at vCPU",
            """
            node n1 a 8/8192 used 5/1024
            node n2 a 8/8192 used 7/0
            want i1 1/1024
            """,
            "i1 -> n2"),
        Arguments.of(
            "one request is spread over zones",
            """
            node n1 a 16/16384
            node n2 b 16/16384
            node n3 c 16/16384
            want i1 1/1024 of r1
            want i2 1/1024 of r1
            want i3 1/1024 of r1
            """,
            // Which zone comes first is the seed's choice; each gets one.
            """
            i1 -> n1
            i2 -> n3
            i3 -> n2
            """),
        Arguments.of(
            "what the request has running counts for the spread",
            """
            node n1 a 16/16384
            node n2 b 16/16384
            placed r1 b 1
            want i1 1/1024 of r1
            """,
            "i1 -> n1"),
        Arguments.of(
            "best fit comes before the spread where nodes would be left unlike",
            """
            node n1 a 4/4096 used 2/2048
            node n2 b 16/16384
            placed r1 a 1
            want i1 2/2048 of r1
            """,
            "i1 -> n1"),
        Arguments.of(
            "instances of different requests share a node",
            """
            node n1 a 16/16384
            node n2 b 16/16384
            want i1 1/1024 of r1
            want i2 1/1024 of r2
            """,
            """
            i1 -> n1
            i2 -> n1
            """),
        Arguments.of(
            "a zone that is asked for is kept",
            """
            node n1 a 8/8192 used 7/7168
            node n2 b 8/8192
            want i1 1/512 zone b
            """,
            "i1 -> n2"),
        Arguments.of(
            "a node that failed to start it comes last",
            """
            node n1 a 8/8192 used 7/7168
            node n2 a 8/8192
            want i1 1/512 not n1
            want i2 1/512
            """,
            """
            i1 -> n2
            i2 -> n1
            """),
        Arguments.of(
            "but is better than none",
            """
            node n1 a 8/8192
            want i1 1/512 not n1
            """,
            "i1 -> n1"),
        Arguments.of(
            "an unplaceable demand does not starve the ones after it",
            """
            node n1 a 2/1024
            want big 2/2048
            want i1 1/512
            want i2 1/512
            """,
            """
            big: no node is as large as 2 vCPU and 2048 MiB; the largest has 2 vCPU and 1024 MiB
            i1 -> n1
            i2 -> n1
            """),
        Arguments.of(
            "the first come, the first served",
            """
            node n1 a 1/512
            want i2 1/512
            want i1 1/512
            """,
            """
            i1: no node has 1 vCPU and 512 MiB free; the largest free is 0 vCPU and 0 MiB
            i2 -> n1
            """));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("refusals")
  void refusesInTheseWords(String given, String refusal) {
    PlanText text = PlanText.of(given);
    Plan plan = PLANNER.plan(text.fleet(), text.demands(), Policy.STANDARD, 1);
    assertThat(plan.placements()).isEmpty();
    assertThat(plan.refusals()).extracting(Refusal::reason).containsExactly(refusal);
  }

  private static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("want i1 1/512", "no node has joined this cloud yet"),
        Arguments.of(
            """
            node n1 a 4/4096
            node n2 b 4/4096
            want i1 1/512 zone c
            """,
            "there is no zone c; there are: a, b"),
        Arguments.of(
            """
            node n1 a 4/4096 closed
            want i1 1/512
            """,
            "no node takes new instances at the moment"),
        Arguments.of(
            """
            node n1 a 4/4096 closed
            node n2 b 4/4096
            want i1 1/512 zone a
            """,
            "no node in zone a takes new instances at the moment; zone b has room"),
        Arguments.of(
            """
            node n1 a 4/4096 used 3/3796
            node n2 a 4/4096 used 4/4096
            node n3 b 4/4096 used 4/4096
            want i1 2/512 zone a
            """,
            "no node has 2 vCPU and 512 MiB free in zone a;"
                + " the largest free is 1 vCPU and 300 MiB"),
        Arguments.of(
            """
            node n1 a 4/4096 used 3/3796
            node n2 b 4/4096
            node n3 c 4/4096
            want i1 2/512 zone a
            """,
            "no node has 2 vCPU and 512 MiB free in zone a;"
                + " the largest free is 1 vCPU and 300 MiB; zones b, c have room"),
        Arguments.of(
            """
            node n1 a 8/8192 used 0/8092
            node n2 a 8/8192 used 7/0
            want i1 2/1024
            """,
            // Half of the vCPUs is nearer than a tenth of the memory.
            "no node has 2 vCPU and 1024 MiB free; the largest free is 1 vCPU and 8192 MiB"),
        Arguments.of(
            """
            node n1 a 2/2048 used 2/2048
            node n2 a 4/1024
            want i1 4/4096
            """,
            "no node is as large as 4 vCPU and 4096 MiB; the largest has 2 vCPU and 2048 MiB"),
        Arguments.of(
            """
            node n1 a 2/1024 used 4/4096
            want i1 1/512
            """,
            "no node has 1 vCPU and 512 MiB free; the largest free is 0 vCPU and 0 MiB"));
  }

  /// What holds for every plan, over random fleets; the seed is printed with a failure.
  @Test
  void keepsItsPromisesOnRandomFleets() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      FleetView fleet = randomFleet(random, 1 + random.nextInt(12));
      List<Demand> demands = randomDemands(random, random.nextInt(60));
      Plan plan = PLANNER.plan(fleet, demands, Policy.STANDARD, seed);
      String name = "seed " + seed;
      assertThat(plan.placements().size() + plan.refusals().size())
          .as(name)
          .isEqualTo(demands.size());
      Map<String, Resources> taken = new HashMap<>();
      Map<String, NodeView> nodes = new HashMap<>();
      fleet.nodes().forEach(node -> nodes.put(node.nodeId(), node));
      for (Placement placement : plan.placements()) {
        NodeView node = nodes.get(placement.nodeId());
        assertThat(node.open()).as(name).isTrue();
        String zone = placement.demand().zone();
        assertThat(zone == null || zone.equals(node.zone())).as(name).isTrue();
        taken.merge(placement.nodeId(), placement.demand().need(), Resources::plus);
      }
      taken.forEach(
          (id, sum) -> assertThat(nodes.get(id).free().holds(sum)).as(name + " " + id).isTrue());
      for (Refusal refusal : plan.refusals()) {
        Demand demand = refusal.demand();
        for (NodeView node : fleet.nodes()) {
          Resources left = node.free().minus(taken.getOrDefault(node.nodeId(), Resources.NONE));
          boolean inZone = demand.zone() == null || demand.zone().equals(node.zone());
          if (node.open() && inZone && left.holds(demand.need())) {
            fail("%s: %s was refused and fits %s", name, demand, node);
          }
          if (refusal.reason().contains(node.nodeId())) {
            fail("%s: a tenant reads of %s in '%s'", name, node.nodeId(), refusal.reason());
          }
        }
      }
      // The same, whatever the order of the snapshot.
      List<NodeView> shuffled = new ArrayList<>(fleet.nodes());
      Collections.shuffle(shuffled, random);
      FleetView again = new FleetView(shuffled, fleet.placed());
      assertThat(PLANNER.plan(again, demands, Policy.STANDARD, seed)).as(name).isEqualTo(plan);
    }
  }

  private static FleetView randomFleet(RandomGenerator random, int nodes) {
    List<NodeView> views =
        IntStream.range(0, nodes)
            .mapToObj(index -> {
              int vcpu = 1 + random.nextInt(16);
              int memory = 512 * (1 + random.nextInt(32));
              return new NodeView(
                  "node-%017x".formatted(index),
                  "zone-" + random.nextInt(3),
                  new Resources(vcpu, memory),
                  new Resources(random.nextInt(vcpu + 1), random.nextInt(memory + 1)),
                  random.nextInt(10) > 0);
            })
            .toList();
    return new FleetView(views, Map.of("r-1", Map.of("zone-1", 2, "zone-gone", 1)));
  }

  private static List<Demand> randomDemands(RandomGenerator random, int count) {
    return IntStream.range(0, count)
        .mapToObj(index ->
            new Demand(
                "i-%017x".formatted(index),
                "r-" + random.nextInt(count),
                1,
                new Resources(1 + random.nextInt(4), 128 << random.nextInt(6)),
                random.nextInt(3) == 0 ? "zone-" + random.nextInt(4) : null,
                Set.of()))
        .toList();
  }
}
