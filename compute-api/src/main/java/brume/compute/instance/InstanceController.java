package brume.compute.instance;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import brume.compute.web.Repeated;
import brume.compute.web.Times;
import brume.compute.web.Versions;
import brume.contract.InstanceState;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/instances` and what is done to one.
@RestController
class InstanceController {
  private static final Pattern TIMEOUT = Pattern.compile("[0-9]{1,2}s");
  private static final int TIMEOUT_SECONDS_MAX = 60;
  private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);

  private final InstanceCommands commands;
  private final InstanceLaunches launches;
  private final InstanceQueries queries;
  private final InstanceWaits waits;
  private final InstanceEditCommands edits;
  private final InstancePast past;
  private final LaunchForecasts forecasts;

  InstanceController(
      InstanceCommands commands,
      InstanceLaunches launches,
      InstanceQueries queries,
      InstanceWaits waits,
      InstanceEditCommands edits,
      InstancePast past,
      LaunchForecasts forecasts) {
    this.forecasts = forecasts;
    this.edits = edits;
    this.past = past;
    this.commands = commands;
    this.launches = launches;
    this.queries = queries;
    this.waits = waits;
  }

  @PostMapping(path = "/v1/instances", consumes = "application/json")
  @Needs("RunInstances")
  ResponseEntity<?> run(
      Caller caller,
      @RequestParam(value = "dryRun", defaultValue = "false") boolean dryRun,
      @RequestBody RunInstancesBody body) {
    return dryRun
        ? ResponseEntity.ok(forecasts.of(caller, body.checked()))
        : ResponseEntity.status(HttpStatus.CREATED).body(launches.run(caller, body.checked()));
  }

  @GetMapping("/v1/instances")
  @Needs("DescribeInstances")
  Page<InstanceView> list(
      Caller caller,
      @RequestParam(value = "state", required = false) @Nullable Repeated states,
      @RequestParam(value = "tag", required = false) @Nullable Repeated tags,
      @RequestParam(value = "type", required = false) @Nullable String type,
      @RequestParam(value = "image", required = false) @Nullable String image,
      @RequestParam(value = "name", required = false) @Nullable String name,
      @RequestParam(value = "node", required = false) @Nullable String node,
      @RequestParam(value = "asOf", required = false) @Nullable String asOf,
      @RequestParam(value = "from", required = false) @Nullable String from,
      @RequestParam(value = "to", required = false) @Nullable String to,
      Paging paging) {
    InstanceFilter filter =
        new InstanceFilter(
            InstanceFilter.states(states == null ? Repeated.NONE : states),
            InstanceFilter.tags(tags == null ? Repeated.NONE : tags),
            text("type", type, 64),
            text("image", image, 128),
            text("name", name, 255),
            text("node", node, 63),
            Times.parse("from", from),
            Times.parse("to", to));
    Instant time = Times.parse("asOf", asOf);
    return time == null
        ? queries.list(caller, filter, paging)
        : past.list(caller, filter, time, paging);
  }

  @GetMapping("/v1/instances/{instanceId}")
  @Needs("DescribeInstances")
  InstanceView get(
      Caller caller,
      @PathVariable("instanceId") String id,
      @RequestParam(value = "wait", required = false) @Nullable String wait,
      @RequestParam(value = "timeout", required = false) @Nullable String timeout,
      HttpServletResponse response) {
    InstanceView found = got(caller, id, wait, timeout);
    tag(response, id);
    return found;
  }

  /// Set by hand: Spring would take it for a promise that nothing of the answer has changed, and a
  /// state changes without an edit.
  private void tag(HttpServletResponse response, String id) {
    response.setHeader("ETag", Versions.tag(queries.version(id)));
  }

  private InstanceView got(
      Caller caller, String id, @Nullable String wait, @Nullable String timeout) {
    if (wait == null) {
      if (timeout != null) {
        throw Refused.invalid("timeout", "timeout is only for a request with wait");
      }
      return queries.get(caller, InstanceQueries.checked(id));
    }
    Fields.oneOf("wait", wait, InstanceWaits.STATES);
    InstanceState wanted = InstanceState.valueOf(wait.toUpperCase(Locale.ROOT));
    return waits.until(caller, InstanceQueries.checked(id), wanted, timeout(timeout));
  }

  @PatchMapping(path = "/v1/instances/{instanceId}", consumes = "application/json")
  @Needs("ModifyInstanceAttribute")
  InstanceView edit(
      Caller caller,
      @PathVariable("instanceId") String id,
      @RequestHeader(value = "If-Match", required = false) @Nullable String version,
      @RequestBody InstanceEdit.Body body,
      HttpServletResponse response) {
    queries.get(
        caller,
        InstanceQueries.checked(id)); // whose it is comes before what is wrong with the body
    Instance edited = edits.edit(caller, id, body.checked(), Versions.wanted(version));
    tag(response, id);
    return InstanceView.of(edited, caller.principal());
  }

  @PostMapping("/v1/instances/{instanceId}/start")
  @Needs("StartInstances")
  InstanceView start(Caller caller, @PathVariable("instanceId") String id) {
    return commands.start(caller, InstanceQueries.checked(id));
  }

  @PostMapping("/v1/instances/{instanceId}/stop")
  @Needs("StopInstances")
  InstanceView stop(Caller caller, @PathVariable("instanceId") String id) {
    return commands.stop(caller, InstanceQueries.checked(id));
  }

  @PostMapping("/v1/instances/{instanceId}/reboot")
  @Needs("RebootInstances")
  InstanceView reboot(Caller caller, @PathVariable("instanceId") String id) {
    return commands.reboot(caller, InstanceQueries.checked(id));
  }

  @PostMapping("/v1/instances/{instanceId}/terminate")
  @Needs("TerminateInstances")
  InstanceView terminate(Caller caller, @PathVariable("instanceId") String id) {
    return commands.terminate(caller, InstanceQueries.checked(id));
  }

  private static @Nullable String text(String field, @Nullable String value, int most) {
    return value == null ? null : Fields.text(field, value, 1, most);
  }

  private static Duration timeout(@Nullable String text) {
    if (text == null) {
      return TIMEOUT_DEFAULT;
    }
    int seconds =
        TIMEOUT.matcher(text).matches()
            ? Integer.parseInt(text.substring(0, text.length() - 1))
            : Integer.MAX_VALUE;
    if (seconds > TIMEOUT_SECONDS_MAX) {
      throw Refused.invalid("timeout", "timeout must be 0s to " + TIMEOUT_SECONDS_MAX + "s");
    }
    return Duration.ofSeconds(seconds);
  }
}
