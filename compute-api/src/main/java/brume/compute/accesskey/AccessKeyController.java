package brume.compute.accesskey;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.account.NewCredential;
import brume.compute.account.Overlap;
import brume.compute.refusal.Fields;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/access-keys`.
@RestController
class AccessKeyController {
  /// `POST /v1/access-keys` as it comes in.
  record Body(
      @Nullable String label,
      @Nullable String role,
      @Nullable List<@Nullable String> scopes,
      @Nullable String userId,
      @Nullable OffsetDateTime expiresAt) {
    NewCredential checked() {
      return NewCredential.checked(label, role, scopes, userId, expiresAt);
    }
  }

  private final AccessKeyCommands commands;
  private final AccessKeyStore store;

  AccessKeyController(AccessKeyCommands commands, AccessKeyStore store) {
    this.commands = commands;
    this.store = store;
  }

  @GetMapping("/v1/access-keys")
  @Needs("ListAccessKeys")
  Page<AccessKeyView> list(Caller caller, Paging paging) {
    return store.list(caller.accountId(), paging);
  }

  @PostMapping(path = "/v1/access-keys", consumes = "application/json")
  @Needs("CreateAccessKey")
  ResponseEntity<NewAccessKey> create(Caller caller, @RequestBody Body body) {
    return created(commands.create(caller, body.checked()));
  }

  @PostMapping("/v1/access-keys/{accessKeyId}/rotate")
  @Needs("RotateAccessKey")
  ResponseEntity<NewAccessKey> rotate(
      Caller caller,
      @PathVariable("accessKeyId") String id,
      @RequestBody(required = false) Overlap.@Nullable Body body) {
    return created(commands.rotate(caller, checked(id), Overlap.of(body)));
  }

  @DeleteMapping("/v1/access-keys/{accessKeyId}")
  @Needs("DeleteAccessKey")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(Caller caller, @PathVariable("accessKeyId") String id) {
    commands.delete(caller, checked(id));
  }

  private static String checked(String id) {
    return Fields.pattern("accessKeyId", id, AccessKeys.ID);
  }

  private static ResponseEntity<NewAccessKey> created(NewAccessKey key) {
    return ResponseEntity.created(URI.create("/v1/access-keys/" + key.id())).body(key);
  }
}
