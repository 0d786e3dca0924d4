package brume.compute.node;

import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.audit.AuditTrail;
import brume.compute.refusal.Refused;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Changes what is wanted of a node, which only operators of the cloud do.
@Component
public class NodeCommands {
  private final NodeIntentStore intents;
  private final NodeQueries nodes;
  private final AuditTrail audit;
  private final Clock clock;

  NodeCommands(NodeIntentStore intents, NodeQueries nodes, AuditTrail audit, Clock clock) {
    this.intents = intents;
    this.nodes = nodes;
    this.audit = audit;
    this.clock = clock;
  }

  /// The node as it is shown from now on. Wanting the same again changes nothing.
  @Transactional
  public NodeView want(Caller caller, String nodeId, Availability availability) {
    NodeView before = nodes.find(nodeId).orElseThrow(() -> unknown(nodeId));
    if (before.availability().equals(availability.text())) {
      return before;
    }
    intents.put(nodeId, availability, clock.instant());
    audit.done(caller, Action.of("UpdateNode"), List.of(nodeId));
    return nodes.find(nodeId).orElseThrow(() -> unknown(nodeId));
  }

  private static Refused unknown(String nodeId) {
    return Refused.notFound("node_not_found", "nodeId", "there is no node " + nodeId);
  }
}
