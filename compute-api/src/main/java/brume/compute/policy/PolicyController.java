package brume.compute.policy;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.refusal.Fields;
import brume.compute.web.Versions;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/policies`.
@RestController
class PolicyController {
  private static final Pattern ID = Pattern.compile("pol-[0-9a-f]{17}");

  /// All of an account's policies: a short list, so it has no pages.
  record PolicyList(List<PolicyView> items) {}

  /// A policy as its account sees it.
  record PolicyView(
      String id,
      String name,
      String effect,
      List<String> actions,
      List<String> types,
      SortedMap<String, String> tags,
      Instant createdAt) {
    static PolicyView of(PolicyStore.Row row) {
      PolicyText text = row.text();
      return new PolicyView(
          row.id(),
          text.name(),
          text.effect(),
          text.actions(),
          text.types(),
          text.tags(),
          row.createdAt());
    }
  }

  private final PolicyCommands commands;
  private final PolicyStore store;

  PolicyController(PolicyCommands commands, PolicyStore store) {
    this.commands = commands;
    this.store = store;
  }

  @GetMapping("/v1/policies")
  @Needs("ListPolicies")
  PolicyList list(Caller caller) {
    return new PolicyList(store.list(caller.accountId()).stream().map(PolicyView::of).toList());
  }

  @PostMapping(path = "/v1/policies", consumes = "application/json")
  @Needs("CreatePolicy")
  ResponseEntity<PolicyView> create(Caller caller, @RequestBody PolicyBody body) {
    PolicyStore.Row row = commands.create(caller, body.checked());
    return ResponseEntity.created(URI.create("/v1/policies/" + row.id()))
        .header("ETag", Versions.tag(row.version()))
        .body(PolicyView.of(row));
  }

  @GetMapping("/v1/policies/{policyId}")
  @Needs("GetPolicy")
  ResponseEntity<PolicyView> get(Caller caller, @PathVariable("policyId") String policyId) {
    return answer(require(caller, policyId));
  }

  @PutMapping(path = "/v1/policies/{policyId}", consumes = "application/json")
  @Needs("UpdatePolicy")
  ResponseEntity<PolicyView> update(
      Caller caller,
      @PathVariable("policyId") String policyId,
      @RequestHeader(value = "If-Match", required = false) @Nullable String version,
      @RequestBody PolicyBody body) {
    String id = require(caller, policyId).id();
    return answer(commands.update(caller, id, body.checked(), Versions.wanted(version)));
  }

  @DeleteMapping("/v1/policies/{policyId}")
  @Needs("DeletePolicy")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      Caller caller,
      @PathVariable("policyId") String policyId,
      @RequestHeader(value = "If-Match", required = false) @Nullable String version) {
    String id = Fields.pattern("policyId", policyId, ID);
    commands.delete(caller, id, Versions.wanted(version));
  }

  private PolicyStore.Row require(Caller caller, String policyId) {
    String id = Fields.pattern("policyId", policyId, ID);
    return store.find(caller.accountId(), id).orElseThrow(() -> PolicyCommands.unknown(id));
  }

  private static ResponseEntity<PolicyView> answer(PolicyStore.Row row) {
    return ResponseEntity.ok().header("ETag", Versions.tag(row.version())).body(PolicyView.of(row));
  }
}
