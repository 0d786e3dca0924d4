package brume.scheduler.fleet;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One round of watching leases: nodes that fell silent take no new work, and later are lost.
public final class LeaseRound implements RoundLoop.Round {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseRound.class);
  private static final int LOST_PER_ROUND_MAX = 20;

  private final LeaseStore store;
  private final Clock clock;
  private final Duration margin;

  /// @param margin between the end of a lease and the loss
  public LeaseRound(LeaseStore store, Clock clock, Duration margin) {
    this.store = store;
    this.clock = clock;
    this.margin = margin;
  }

  @Override
  public boolean run() {
    Instant now = Times.now(clock);
    for (String name : store.close(now)) {
      LOG.warn("node {} was not heard before its lease was over: it takes no new work", name);
    }
    List<String> lost = store.lost(now, margin, LOST_PER_ROUND_MAX);
    for (String nodeId : lost) {
      store
          .declareLost(nodeId, now, margin)
          .ifPresent(node ->
              LOG.warn("node {} is lost with {} instances", node.nodeName(), node.instances()));
    }
    return lost.size() == LOST_PER_ROUND_MAX;
  }
}
