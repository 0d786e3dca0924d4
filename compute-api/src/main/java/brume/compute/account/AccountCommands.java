package brume.compute.account;

import brume.compute.access.Role;
import brume.compute.access.TokenDigest;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes accounts.
@Component
public class AccountCommands {
  public static final String FIRST_ID = "000000000001";

  private final AccountRepository accounts;
  private final TokenRepository tokens;
  private final IdGenerator ids;
  private final Clock clock;

  AccountCommands(
      AccountRepository accounts, TokenRepository tokens, IdGenerator ids, Clock clock) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.ids = ids;
    this.clock = clock;
  }

  /// Makes the first account with `token` as its owner's and the cloud's operator's. Does nothing
  /// and is false where there is any account.
  @Transactional
  public boolean createFirst(Quotas quotas, String token) {
    if (accounts.count() > 0) {
      return false;
    }
    Instant now = clock.instant();
    accounts.save(new Account(FIRST_ID, "default", quotas, now));
    CreateToken first =
        new CreateToken(new NewCredential("first", Role.OWNER, List.of(), null, null), true);
    byte[] digest = TokenDigest.of(token);
    tokens.save(new ApiToken(ids.next("tok-"), FIRST_ID, first, digest, now));
    return true;
  }
}
