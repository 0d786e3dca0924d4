package brume.compute.instance;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.refusal.Refused;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/instances/{id}/console`.
@RestController
class ConsoleController {
  private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

  private final ConsoleQueries queries;

  ConsoleController(ConsoleQueries queries) {
    this.queries = queries;
  }

  @GetMapping("/v1/instances/{instanceId}/console")
  @Needs("GetConsoleOutput")
  ResponseEntity<byte[]> console(
      Caller caller,
      @PathVariable("instanceId") String id,
      @RequestParam(value = "from", defaultValue = "0") long from) {
    if (from < 0) {
      throw Refused.invalid("from", "from must be 0 or more, not " + from);
    }
    ConsoleQueries.Output output = queries.read(caller, InstanceQueries.checked(id), from);
    return ResponseEntity.ok()
        .contentType(TEXT)
        .header("x-console-next", Long.toString(output.next()))
        .header("x-console-epoch", Long.toString(output.epoch()))
        .header("x-console-source", output.source())
        .body(output.text());
  }
}
