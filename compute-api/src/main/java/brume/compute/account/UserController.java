package brume.compute.account;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.access.Role;
import brume.compute.account.UserStore.UserView;
import brume.compute.refusal.Fields;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import brume.compute.web.Versions;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/users`.
@RestController
class UserController {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9@._+-]{0,63}");

  /// `POST /v1/users` as it comes in.
  record CreateBody(@Nullable String name, @Nullable String role) {
    UserCommands.NewUser checked() {
      return new UserCommands.NewUser(
          Fields.pattern("name", Fields.required("name", name), NAME), checkedRole(role));
    }
  }

  /// `PATCH /v1/users/{userId}` as it comes in.
  record EditBody(@Nullable String role) {}

  private final UserCommands commands;
  private final UserStore store;

  UserController(UserCommands commands, UserStore store) {
    this.commands = commands;
    this.store = store;
  }

  private static Role checkedRole(@Nullable String role) {
    return Role.of(Fields.oneOf("role", Fields.required("role", role), Role.TEXTS));
  }

  private static String checked(String id) {
    return Fields.pattern("userId", id, NewCredential.USER_ID);
  }

  @GetMapping("/v1/users")
  @Needs("ListUsers")
  Page<UserView> list(Caller caller, Paging paging) {
    return store.list(caller.accountId(), paging);
  }

  @PostMapping(path = "/v1/users", consumes = "application/json")
  @Needs("CreateUser")
  ResponseEntity<UserView> create(Caller caller, @RequestBody CreateBody body) {
    UserView user = commands.create(caller, body.checked());
    return ResponseEntity.created(URI.create("/v1/users/" + user.id()))
        .header("ETag", Versions.tag(user.version()))
        .body(user);
  }

  @PatchMapping(path = "/v1/users/{userId}", consumes = "application/json")
  @Needs("UpdateUser")
  ResponseEntity<UserView> edit(
      Caller caller,
      @PathVariable("userId") String id,
      @RequestHeader(value = "If-Match", required = false) @Nullable String version,
      @RequestBody EditBody body) {
    if (store.find(caller.accountId(), checked(id)).isEmpty()) {
      throw UserStore.unknown(id);
    }
    UserView user = commands.give(caller, id, checkedRole(body.role()), Versions.wanted(version));
    return ResponseEntity.ok().header("ETag", Versions.tag(user.version())).body(user);
  }

  @DeleteMapping("/v1/users/{userId}")
  @Needs("RemoveUser")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(
      Caller caller,
      @PathVariable("userId") String id,
      @RequestHeader(value = "If-Match", required = false) @Nullable String version) {
    commands.remove(caller, checked(id), Versions.wanted(version));
  }
}
