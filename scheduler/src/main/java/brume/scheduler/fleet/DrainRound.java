package brume.scheduler.fleet;

import brume.scheduler.placement.Demand;
import brume.scheduler.placement.Plan;
import brume.scheduler.placement.Planner;
import brume.scheduler.placement.Policy;
import brume.scheduler.placement.Refusal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One round of what operators want of nodes. A node that is cordoned or drained takes no new work.
/// Of one that is drained, a few VMs at a time are asked to shut down, and start again elsewhere by
/// the rule for every instance whose user wants it to run. One is asked only where it would find a
/// place now, behind everything that waits already: nobody is stopped to wait.
///
///     allocation: held ── fits elsewhere ──> leaving ── its VM has ended ──> released
///                  ^                            │
///                  └──── node active again ─────┘
public final class DrainRound implements RoundLoop.Round {
  private static final Logger LOG = LoggerFactory.getLogger(DrainRound.class);

  /// How many of a node's VMs shut down at a time.
  static final int AT_ONCE_MAX = 4;

  private final DrainStore store;
  private final DemandQueries queries;
  private final Clock clock;
  private final RandomGenerator random;
  private final int demandsMax;
  private final Planner planner = new Planner();

  public DrainRound(
      DrainStore store,
      DemandQueries queries,
      Clock clock,
      RandomGenerator random,
      int demandsMax) {
    this.store = store;
    this.queries = queries;
    this.clock = clock;
    this.random = random;
    this.demandsMax = demandsMax;
  }

  @Override
  public boolean run() {
    Instant now = Times.now(clock);
    for (String name : store.takeOver(now)) {
      LOG.info("node {} is wanted otherwise by its operators", name);
    }
    for (String nodeId : store.emptied()) {
      empty(nodeId, now);
    }
    return false;
  }

  private void empty(String nodeId, Instant now) {
    DrainStore.Held held = store.held(nodeId, AT_ONCE_MAX);
    int room = AT_ONCE_MAX - held.leaving();
    if (held.staying().isEmpty() || room <= 0) {
      store.leave(nodeId, List.of(), null, AT_ONCE_MAX, now);
      return;
    }
    List<Demand> wanted = held.staying().subList(0, Math.min(room, held.staying().size()));
    List<Demand> demands = new ArrayList<>();
    queries
        .waiting(DemandQueries.Position.START, demandsMax, now)
        .forEach(waiting -> demands.add(waiting.demand()));
    demands.addAll(wanted);
    Plan plan = planner.plan(queries.fleet(demands), demands, Policy.STANDARD, random.nextLong());
    Set<Demand> mine = new HashSet<>(wanted);
    List<String> instances =
        plan.placements().stream()
            .filter(placement -> mine.contains(placement.demand()))
            .map(placement -> placement.demand().instanceId())
            .toList();
    int asked = store.leave(nodeId, instances, waitsFor(plan, mine), AT_ONCE_MAX, now);
    LOG.debug("{} of {} VMs of {} were asked to leave", asked, wanted.size(), nodeId);
  }

  private static @Nullable String waitsFor(Plan plan, Set<Demand> mine) {
    return plan.refusals().stream()
        .filter(refusal -> mine.contains(refusal.demand()))
        .map(Refusal::reason)
        .map(Texts::cut)
        .findFirst()
        .orElse(null);
  }
}
