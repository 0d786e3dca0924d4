package brume.compute.node;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.refusal.Fields;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/nodes`.
@RestController
class NodeController {
  private static final Pattern ID = Pattern.compile("node-[0-9a-f]{17}");

  /// `PATCH /v1/nodes/{nodeId}` as it comes in.
  record EditBody(@Nullable String availability) {
    Availability checked() {
      String given = Fields.required("availability", availability);
      return Availability.of(Fields.oneOf("availability", given, Availability.TEXTS));
    }
  }

  private final NodeQueries queries;
  private final NodeCommands commands;

  NodeController(NodeQueries queries, NodeCommands commands) {
    this.queries = queries;
    this.commands = commands;
  }

  @GetMapping("/v1/nodes")
  @Needs("ListNodes")
  Page<NodeView> nodes(Paging paging) {
    return queries.list(paging);
  }

  @PatchMapping(path = "/v1/nodes/{nodeId}", consumes = "application/json")
  @Needs("UpdateNode")
  NodeView edit(Caller caller, @PathVariable("nodeId") String nodeId, @RequestBody EditBody body) {
    return commands.want(caller, Fields.pattern("nodeId", nodeId, ID), body.checked());
  }
}
