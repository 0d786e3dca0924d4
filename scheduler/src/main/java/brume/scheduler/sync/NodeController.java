package brume.scheduler.sync;

import brume.contract.sync.NodeCredential;
import brume.contract.sync.NodeRegistration;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.SyncResponse;
import brume.scheduler.fleet.NodeStore;
import brume.scheduler.fleet.Times;
import java.time.Clock;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// `POST /nodes` and `POST /nodes/{id}/sync`. [NodeGuard] has checked who asks before a report's
/// body is read.
@RestController
public final class NodeController {
  private final NodeStore nodes;
  private final NodeSync sync;
  private final Clock clock;

  public NodeController(NodeStore nodes, NodeSync sync, Clock clock) {
    this.nodes = nodes;
    this.sync = sync;
    this.clock = clock;
  }

  @PostMapping("/nodes")
  @ResponseStatus(HttpStatus.CREATED)
  public NodeCredential register(@RequestBody NodeRegistration registration) {
    ReportChecks.checkCapacity(registration.capacity());
    return nodes.register(registration, Times.now(clock));
  }

  @PostMapping("/nodes/{nodeId}/sync")
  public SyncResponse sync(@PathVariable String nodeId, @RequestBody SyncRequest report)
      throws InterruptedException {
    return sync.sync(nodeId, report);
  }
}
