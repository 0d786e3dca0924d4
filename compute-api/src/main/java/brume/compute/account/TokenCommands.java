package brume.compute.account;

import brume.compute.access.Caller;
import brume.compute.access.Role;
import brume.compute.access.TokenDigest;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.refusal.Refused;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes and revokes tokens.
@Component
public class TokenCommands {
  private final TokenRepository tokens;
  private final IdempotencyStore requests;
  private final AccountStore accounts;
  private final TokenSecret secrets;
  private final IdGenerator ids;
  private final Clock clock;

  TokenCommands(
      TokenRepository tokens,
      IdempotencyStore requests,
      AccountStore accounts,
      RandomGenerator random,
      IdGenerator ids,
      Clock clock) {
    this.tokens = tokens;
    this.requests = requests;
    this.accounts = accounts;
    this.secrets = new TokenSecret(random);
    this.ids = ids;
    this.clock = clock;
  }

  @Transactional
  public NewToken create(Caller caller, CreateToken wanted) {
    // The secret must not lie in the database with the kept answer, so where the request may be
    // asked again it is derived anew from what only the client holds.
    String id = ids.next("tok-");
    String random = secrets.random();
    TokenView view =
        requests.once(
            caller,
            "createToken",
            wanted,
            TokenView.class,
            () -> insert(caller, wanted, id, random));
    String key = caller.idempotencyKey();
    if (key == null) {
      return NewToken.of(view, random);
    }
    String derived = TokenSecret.derived(caller.bearer(), key, view.id());
    boolean own =
        tokens
            .findByIdAndAccountId(view.id(), caller.accountId())
            .map(token -> token.hasDigest(TokenDigest.of(derived)))
            .orElse(false);
    if (!own) {
      throw Refused.conflict(
          "secret_shown_once",
          "token "
              + view.id()
              + " was made by this request with another bearer token, and its secret is shown"
              + " only to that one: revoke it and make another");
    }
    return NewToken.of(view, derived);
  }

  private TokenView insert(Caller caller, CreateToken wanted, String id, String random) {
    Instant now = clock.instant();
    Instant expires = wanted.expiresAt();
    if (expires != null && !expires.isAfter(now)) {
      throw Refused.invalid("expiresAt", "expiresAt must be in the future; it is " + now + " now");
    }
    if (wanted.cloudOperator() && !caller.principal().cloudOperator()) {
      throw Refused.forbidden("only an operator of the cloud may make a token that is one");
    }
    String key = caller.idempotencyKey();
    String secret = key == null ? random : TokenSecret.derived(caller.bearer(), key, id);
    byte[] digest = TokenDigest.of(secret);
    return tokens.save(new ApiToken(id, caller.accountId(), wanted, digest, now)).view();
  }

  /// Revoking again changes nothing. The last usable owner token stays: without one nobody could
  /// ever make another.
  @Transactional
  public void revoke(Caller caller, String tokenId) {
    accounts.lock(caller.accountId());
    ApiToken token =
        tokens
            .findByIdAndAccountId(tokenId, caller.accountId())
            .orElseThrow(() ->
                Refused.notFound(
                    "token_not_found",
                    "tokenId",
                    "there is no token " + tokenId + " in this account"));
    Instant now = clock.instant();
    if (token.isUsableOwner(now)) {
      long owners =
          tokens
              .findByAccountIdAndRoleAndRevokedAtIsNull(caller.accountId(), Role.OWNER.text())
              .stream()
              .filter(other -> other.isUsableOwner(now))
              .count();
      if (owners <= 1) {
        throw Refused.conflict(
            "last_owner_token",
            tokenId + " is the account's last owner token: make another one first");
      }
    }
    token.revoke(now);
    tokens.save(token);
  }
}
