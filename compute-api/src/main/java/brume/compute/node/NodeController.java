package brume.compute.node;

import brume.compute.access.Needs;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/nodes`.
@RestController
class NodeController {
  private final NodeQueries queries;

  NodeController(NodeQueries queries) {
    this.queries = queries;
  }

  @GetMapping("/v1/nodes")
  @Needs("ListNodes")
  Page<NodeView> nodes(Paging paging) {
    return queries.list(paging);
  }
}
