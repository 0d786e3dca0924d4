package brume.scheduler.fleet;

import brume.scheduler.placement.Demand;
import brume.scheduler.placement.Plan;
import brume.scheduler.placement.Planner;
import brume.scheduler.placement.Policy;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One round of placing: what waits and the fleet are read, a plan is made, and what still holds of
/// it is committed. It remembers nothing but where a full round stopped.
public final class PlacementRound implements RoundLoop.Round {
  private static final Logger LOG = LoggerFactory.getLogger(PlacementRound.class);

  private final DemandQueries queries;
  private final PlanStore store;
  private final Clock clock;
  private final RandomGenerator random;
  private final int demandsMax;
  private final Planner planner = new Planner();
  private DemandQueries.Position position = DemandQueries.Position.START;

  public PlacementRound(
      DemandQueries queries, PlanStore store, Clock clock, RandomGenerator random, int demandsMax) {
    this.queries = queries;
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.demandsMax = demandsMax;
  }

  @Override
  public boolean run() {
    Instant now = Times.now(clock);
    List<DemandQueries.Waiting> waiting = queries.waiting(position, demandsMax, now);
    boolean full = waiting.size() == demandsMax;
    position = full ? waiting.getLast().position() : DemandQueries.Position.START;
    List<Demand> demands = waiting.stream().map(DemandQueries.Waiting::demand).toList();
    if (demands.isEmpty()) {
      store.refuse(List.of(), now);
      return false;
    }
    Plan plan = planner.plan(queries.fleet(demands), demands, Policy.STANDARD, random.nextLong());
    int placed = store.commit(plan.placements(), now);
    store.refuse(plan.refusals(), now);
    LOG.debug(
        "{} waiting, {} planned, {} placed", demands.size(), plan.placements().size(), placed);
    return full;
  }
}
