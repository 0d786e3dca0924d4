package brume.scheduler.fleet;

import brume.contract.EndCause;
import brume.contract.VmState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Leases. A node whose lease is over takes no new work at once; its VMs are declared lost only a
/// margin later, when the node, whose own count of the lease began earlier, has stopped them for
/// sure.
public final class LeaseStore {
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final NodeStore nodes;
  private final FactStore facts;

  public LeaseStore(
      JdbcClient jdbc, TransactionTemplate transaction, NodeStore nodes, FactStore facts) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.nodes = nodes;
    this.facts = facts;
  }

  /// @return the names of the nodes that take no new work from now on
  public List<String> close(Instant now) {
    return jdbc.sql(
            """
            UPDATE scheduling.node SET ready = false
            WHERE id IN (SELECT id FROM scheduling.node WHERE ready AND lease_expires_at <= ?
                         ORDER BY id FOR NO KEY UPDATE)
              AND lease_expires_at <= ?
            RETURNING name
            """)
        .param(Times.sql(now))
        .param(Times.sql(now))
        .query((row, index) -> row.getString(1))
        .list();
  }

  /// Nodes that still hold something a margin after their lease was over.
  public List<String> lost(Instant now, Duration margin, int limit) {
    return jdbc.sql(
            """
            SELECT n.id FROM scheduling.node n
            WHERE NOT n.ready AND n.lease_expires_at <= ?
              AND EXISTS (SELECT 1 FROM scheduling.allocation a
                          WHERE a.node_id = n.id AND a.released_at IS NULL)
            ORDER BY n.id LIMIT ?
            """)
        .param(Times.sql(now.minus(margin)))
        .param(limit)
        .query((row, index) -> row.getString(1))
        .list();
  }

  /// A node that was declared lost.
  public record Lost(String nodeName, int instances) {}

  /// Ends what the node holds, unless it reported in the meantime. Its VMs failed when it was last
  /// heard: that is how long their users pay.
  public Optional<Lost> declareLost(String nodeId, Instant now, Duration margin) {
    return Optional.ofNullable(
        transaction.execute(status -> {
          NodeRecord node = nodes.lock(nodeId).orElse(null);
          if (node == null
              || node.leaseExpiresAt() == null
              || node.leaseExpiresAt().isAfter(now.minus(margin))) {
            return null;
          }
          Instant lastHeard =
              node.lastHeartbeatAt() == null ? node.leaseExpiresAt() : node.lastHeartbeatAt();
          List<HeldAllocation> held = facts.held(nodeId);
          Facts loss = loss(held, lastHeard);
          facts.write(nodeId, loss, now);
          facts.append(nodeId, loss, now);
          return held.isEmpty() ? null : new Lost(node.name(), held.size());
        }));
  }

  static Facts loss(List<HeldAllocation> held, Instant lastHeard) {
    List<VmChange> vms = new ArrayList<>();
    List<Transition> transitions = new ArrayList<>();
    List<HeldAllocation> neverStarted = new ArrayList<>();
    String reason = "its node was lost";
    for (HeldAllocation allocation : held) {
      HeldAllocation.Vm vm = allocation.vm();
      if (vm == null) {
        neverStarted.add(allocation);
        continue;
      }
      Instant at = Times.latest(lastHeard, allocation.notBefore());
      EndCause cause = EndCause.NODE_LOST;
      vms.add(
          new VmChange(
              allocation,
              VmState.FAILED,
              vm.generation(),
              at,
              cause,
              reason,
              vm.runningSince(),
              null,
              null));
      transitions.add(
          new Transition(allocation, vm.generation(), VmState.FAILED, cause, reason, at, null));
    }
    return new Facts(vms, transitions, neverStarted);
  }
}
