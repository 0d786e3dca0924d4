package brume.compute.metric;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.instance.InstanceQueries;
import brume.compute.web.Times;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/instances/{id}/metrics`.
@RestController
class MetricController {
  private final MetricQueries queries;

  MetricController(MetricQueries queries) {
    this.queries = queries;
  }

  @GetMapping("/v1/instances/{instanceId}/metrics")
  @Needs("GetInstanceMetrics")
  InstanceMetrics metrics(
      Caller caller,
      @PathVariable("instanceId") String id,
      @RequestParam(value = "from", required = false) @Nullable String from,
      @RequestParam(value = "to", required = false) @Nullable String to) {
    return queries.metrics(
        caller, InstanceQueries.checked(id), Times.parse("from", from), Times.parse("to", to));
  }
}
