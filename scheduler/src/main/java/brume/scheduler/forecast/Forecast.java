package brume.scheduler.forecast;

import brume.contract.plan.PlanAnswer;
import brume.contract.plan.PlanQuestion;
import brume.scheduler.fleet.DemandQueries;
import brume.scheduler.fleet.Times;
import brume.scheduler.placement.Demand;
import brume.scheduler.placement.FleetView;
import brume.scheduler.placement.NodeView;
import brume.scheduler.placement.Placement;
import brume.scheduler.placement.Plan;
import brume.scheduler.placement.Planner;
import brume.scheduler.placement.Policy;
import brume.scheduler.web.Problem;
import brume.scheduler.web.ProblemException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The placement that a request would get now, behind everything that waits already. It plans as a
/// round does, from a snapshot, and commits nothing. Only some are planned at a time, so that
/// asking never holds up placing.
public final class Forecast {
  private static final int AT_ONCE_MAX = 2;
  private static final int TURN_SECONDS_MAX = 2;

  private final DemandQueries queries;
  private final Clock clock;
  private final RandomGenerator random;
  private final int demandsMax;
  private final Planner planner = new Planner();
  private final Semaphore turns = new Semaphore(AT_ONCE_MAX, true);

  public Forecast(DemandQueries queries, Clock clock, RandomGenerator random, int demandsMax) {
    this.queries = queries;
    this.clock = clock;
    this.random = random;
    this.demandsMax = demandsMax;
  }

  public PlanAnswer of(PlanQuestion question) throws InterruptedException {
    if (!turns.tryAcquire(TURN_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new ProblemException(Problem.busy());
    }
    try {
      return answer(question);
    } finally {
      turns.release();
    }
  }

  private PlanAnswer answer(PlanQuestion question) {
    List<Demand> demands = new ArrayList<>();
    queries
        .waiting(DemandQueries.Position.START, demandsMax, Times.now(clock))
        .forEach(waiting -> demands.add(waiting.demand()));
    // No instance is called so: ids of instances begin with i- and those of reservations with r-.
    Set<Demand> asked =
        IntStream.range(0, question.count())
            .mapToObj(n ->
                new Demand("asked-" + n, "asked", 1, question.need(), question.zone(), Set.of()))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    demands.addAll(asked);
    FleetView fleet = queries.fleet(demands);
    Plan plan = planner.plan(fleet, demands, Policy.STANDARD, random.nextLong());
    Map<String, String> zones =
        fleet.nodes().stream().collect(Collectors.toMap(NodeView::nodeId, NodeView::zone));
    return new PlanAnswer(
        plan.placements().stream()
            .filter(placement -> asked.contains(placement.demand()))
            .map(Placement::nodeId)
            .map(node -> new PlanAnswer.Place(node, String.valueOf(zones.get(node))))
            .toList(),
        reason(plan, asked));
  }

  private static @Nullable String reason(Plan plan, Set<Demand> asked) {
    return plan.refusals().stream()
        .filter(refusal -> asked.contains(refusal.demand()))
        .map(refusal -> refusal.reason())
        .findFirst()
        .orElse(null);
  }
}
