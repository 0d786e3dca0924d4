package brume.compute.account;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.refusal.Fields;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.net.URI;
import java.util.regex.Pattern;
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

/// `/v1/account` and `/v1/tokens`.
@RestController
class AccountController {
  private static final Pattern TOKEN_ID = Pattern.compile("tok-[0-9a-f]{17}");

  private final AccountQueries queries;
  private final TokenCommands commands;

  AccountController(AccountQueries queries, TokenCommands commands) {
    this.queries = queries;
    this.commands = commands;
  }

  @GetMapping("/v1/account")
  @Needs("GetAccount")
  AccountViews.AccountView account(Caller caller) {
    return queries.account(caller);
  }

  @GetMapping("/v1/tokens")
  @Needs("ListTokens")
  Page<TokenView> tokens(Caller caller, Paging paging) {
    return queries.tokens(caller, paging);
  }

  @PostMapping(path = "/v1/tokens", consumes = "application/json")
  @Needs("CreateToken")
  ResponseEntity<NewToken> create(Caller caller, @RequestBody CreateTokenBody body) {
    NewToken token = commands.create(caller, body.checked());
    return ResponseEntity.created(URI.create("/v1/tokens/" + token.id())).body(token);
  }

  @PostMapping("/v1/tokens/{tokenId}/rotate")
  @Needs("RotateToken")
  ResponseEntity<NewToken> rotate(
      Caller caller,
      @PathVariable("tokenId") String tokenId,
      @RequestBody(required = false) Overlap.@Nullable Body body) {
    String id = Fields.pattern("tokenId", tokenId, TOKEN_ID);
    NewToken token = commands.rotate(caller, id, Overlap.of(body));
    return ResponseEntity.created(URI.create("/v1/tokens/" + token.id())).body(token);
  }

  @DeleteMapping("/v1/tokens/{tokenId}")
  @Needs("RevokeToken")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(Caller caller, @PathVariable("tokenId") String tokenId) {
    commands.revoke(caller, Fields.pattern("tokenId", tokenId, TOKEN_ID));
  }
}
