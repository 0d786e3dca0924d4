package brume.compute.account;

import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.access.TokenDigest;
import brume.compute.audit.AuditTrail;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.refusal.Refused;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes, replaces and revokes tokens.
@Component
public class TokenCommands {
  private final TokenRepository tokens;
  private final IdempotencyStore requests;
  private final AccountStore accounts;
  private final CredentialRules rules;
  private final AuditTrail audit;
  private final TokenSecret secrets;
  private final IdGenerator ids;
  private final Clock clock;

  TokenCommands(
      TokenRepository tokens,
      IdempotencyStore requests,
      AccountStore accounts,
      CredentialRules rules,
      AuditTrail audit,
      RandomGenerator random,
      IdGenerator ids,
      Clock clock) {
    this.tokens = tokens;
    this.requests = requests;
    this.accounts = accounts;
    this.rules = rules;
    this.audit = audit;
    this.secrets = new TokenSecret(random);
    this.ids = ids;
    this.clock = clock;
  }

  @Transactional
  public NewToken create(Caller caller, CreateToken wanted) {
    return once(
        caller,
        "createToken",
        wanted,
        () -> {
          rules.require(caller, wanted.credential());
          return new Wanted(caller.accountId(), wanted, "CreateToken");
        });
  }

  /// Makes another one like it; the old one ends after the overlap.
  @Transactional
  public NewToken rotate(Caller caller, String tokenId, Overlap overlap) {
    return once(
        caller,
        "rotateToken " + tokenId,
        overlap,
        () -> {
          accounts.lock(caller.accountId());
          ApiToken old = require(caller, tokenId);
          Instant now = clock.instant();
          if (!old.isUsable(now)) {
            throw Refused.conflict(
                "credential_ended", tokenId + " is revoked or has expired: create another");
          }
          CreateToken wanted = old.replaced(overlap, now);
          rules.require(caller, wanted.credential());
          tokens.save(old);
          return new Wanted(caller.accountId(), wanted, "RotateToken");
        });
  }

  /// What a token shall be, whose, and by which action it is made.
  record Wanted(String accountId, CreateToken token, String action) {}

  /// The secret must not lie in the database with the kept answer, so where the request may be
  /// asked again it is derived anew from what only the client holds.
  NewToken once(Caller caller, String operation, Object body, Supplier<Wanted> wanted) {
    String id = ids.next("tok-");
    String key = caller.idempotencyKey();
    String bearer = caller.bearer();
    String secret =
        key != null && bearer != null ? TokenSecret.derived(bearer, key, id) : secrets.random();
    TokenView view =
        requests.once(
            caller,
            operation,
            body,
            TokenView.class,
            () -> insert(caller, wanted.get(), id, secret));
    if (view.id().equals(id)) {
      return NewToken.of(view, secret);
    }
    return NewToken.of(view, again(key, bearer, view.id()));
  }

  private String again(@Nullable String key, @Nullable String bearer, String tokenId) {
    if (key != null && bearer != null) {
      String derived = TokenSecret.derived(bearer, key, tokenId);
      boolean own =
          tokens
              .findById(tokenId)
              .map(token -> token.hasDigest(TokenDigest.of(derived)))
              .orElse(false);
      if (own) {
        return derived;
      }
    }
    throw Refused.conflict(
        "secret_shown_once",
        "token "
            + tokenId
            + " was made by this request with another bearer token, and its secret is shown"
            + " only to that one: revoke it and make another");
  }

  private TokenView insert(Caller caller, Wanted wanted, String id, String secret) {
    if (wanted.token().cloudOperator() && !caller.principal().cloudOperator()) {
      throw Refused.forbidden("only an operator of the cloud may make a token that is one");
    }
    accounts.requireRoomForToken(wanted.accountId());
    audit.done(caller, Action.of(wanted.action()), List.of(id, wanted.accountId()));
    byte[] digest = TokenDigest.of(secret);
    return tokens
        .save(new ApiToken(id, wanted.accountId(), wanted.token(), digest, clock.instant()))
        .view();
  }

  /// Revoking again changes nothing. The last usable owner token stays: without one nobody could
  /// ever make another.
  @Transactional
  public void revoke(Caller caller, String tokenId) {
    accounts.lock(caller.accountId());
    ApiToken token = require(caller, tokenId);
    Instant now = clock.instant();
    if (token.isUsableOwner(now)
        && !accounts.hasOwnerToken(caller.accountId(), tokenId, null, now)) {
      throw Refused.conflict(
          "last_owner_token",
          tokenId + " is the account's last owner token: make another one first");
    }
    token.revoke(now);
    tokens.save(token);
    audit.done(caller, Action.of("RevokeToken"), List.of(tokenId));
  }

  private ApiToken require(Caller caller, String tokenId) {
    return tokens
        .findByIdAndAccountId(tokenId, caller.accountId())
        .orElseThrow(() ->
            Refused.notFound(
                "token_not_found", "tokenId", "there is no token " + tokenId + " in this account"));
  }
}
