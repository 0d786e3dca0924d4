package brume.bench;

import brume.contract.Resources;
import brume.scheduler.placement.Demand;
import brume.scheduler.placement.FleetView;
import brume.scheduler.placement.NodeView;
import brume.scheduler.placement.Plan;
import brume.scheduler.placement.Planner;
import brume.scheduler.placement.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/// Milliseconds of one plan: 10,000 instances of several sizes, a third of them bound to a zone, on
/// 1,000 nodes that are partly full. There are more instances than room, so that refusals are made
/// too.
final class PlacementSpeed {
  private static final int NODES = 1_000;
  private static final int DEMANDS = 10_000;
  private static final int ZONES = 3;
  private static final double AIM = 1_000;

  private PlacementSpeed() {}

  static void measure(int runs) {
    Random random = new Random(7);
    FleetView fleet = fleet(random);
    List<Demand> demands = demands(random);
    Planner planner = new Planner();
    List<Double> millis = new ArrayList<>();
    for (int run = 0; run <= runs; run++) {
      long start = System.nanoTime();
      Plan plan = planner.plan(fleet, demands, Policy.STANDARD, run);
      double took = (System.nanoTime() - start) / 1e6;
      if (run == 0) {
        System.out.printf(
            "  %d placed, %d refused; the first plan of a new process %.0f ms%n",
            plan.placements().size(), plan.refusals().size(), took);
      } else {
        millis.add(took);
      }
    }
    String what = "a plan of %,d instances on %,d nodes".formatted(DEMANDS, NODES);
    Report.print(what, millis, "ms", AIM, Report.Better.LESS);
  }

  private static FleetView fleet(Random random) {
    List<NodeView> nodes =
        IntStream.range(0, NODES)
            .mapToObj(index -> {
              Resources all = new Resources(16, 32 << 10);
              Resources used = new Resources(random.nextInt(17), random.nextInt((32 << 10) + 1));
              String zone = "zone-" + index % ZONES;
              return new NodeView("node-%017x".formatted(index), zone, all, used, true);
            })
            .toList();
    return new FleetView(nodes, Map.of());
  }

  private static List<Demand> demands(Random random) {
    return IntStream.range(0, DEMANDS)
        .mapToObj(index ->
            new Demand(
                "i-%017x".formatted(index),
                "r-" + index / 4,
                1,
                new Resources(1 + random.nextInt(4), 128 << random.nextInt(6)),
                index % 3 == 0 ? "zone-" + random.nextInt(ZONES) : null,
                Set.of()))
        .toList();
  }
}
