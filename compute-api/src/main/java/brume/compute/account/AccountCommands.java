package brume.compute.account;

import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.access.Role;
import brume.compute.access.TokenDigest;
import brume.compute.audit.AuditTrail;
import brume.compute.refusal.Refused;
import brume.compute.web.Versions;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes and edits accounts, which only operators of the cloud do.
@Component
public class AccountCommands {
  public static final String FIRST_ID = "000000000001";

  private static final long IDS = 1_000_000_000_000L; // twelve digits, as EC2's account ids have

  private final AccountStore accounts;
  private final TokenRepository tokens;
  private final TokenCommands tokenCommands;
  private final AuditTrail audit;
  private final RandomGenerator random;
  private final IdGenerator ids;
  private final Clock clock;

  AccountCommands(
      AccountStore accounts,
      TokenRepository tokens,
      TokenCommands tokenCommands,
      AuditTrail audit,
      RandomGenerator random,
      IdGenerator ids,
      Clock clock) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.tokenCommands = tokenCommands;
    this.audit = audit;
    this.random = random;
    this.ids = ids;
    this.clock = clock;
  }

  /// A new account's name and quotas.
  record NewAccount(String name, Quotas quotas) {}

  /// What of an account is to be another; null leaves it as it is.
  record Edit(@Nullable String name, @Nullable Boolean suspended, QuotasBody quotas) {}

  /// Makes the first account with `token` as its owner's and the cloud's operator's. Does nothing
  /// and is false where there is any account.
  @Transactional
  public boolean createFirst(Quotas quotas, String token) {
    if (!accounts.isEmpty()) {
      return false;
    }
    Instant now = clock.instant();
    accounts.insert(FIRST_ID, "default", quotas, now);
    CreateToken first = firstToken(true);
    byte[] digest = TokenDigest.of(token);
    tokens.save(new ApiToken(ids.next("tok-"), FIRST_ID, first, digest, now));
    return true;
  }

  private static CreateToken firstToken(boolean cloudOperator) {
    return new CreateToken(
        new NewCredential("first", Role.OWNER, List.of(), null, null), cloudOperator);
  }

  /// An account with its first owner's token, whose secret is shown this once.
  @Transactional
  public AccountViews.NewAccountView create(Caller caller, NewAccount wanted) {
    // The id is made before the idempotency key is looked at, and unused where it was used before.
    String id = String.format(Locale.ROOT, "%012d", random.nextLong(2, IDS));
    NewToken token =
        tokenCommands.once(
            caller,
            "createAccount",
            wanted,
            () -> {
              Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
              accounts.insert(id, wanted.name(), wanted.quotas(), now);
              return new TokenCommands.Wanted(id, firstToken(false), "CreateAccount");
            });
    String made = tokens.findById(token.id()).orElseThrow().accountId();
    return new AccountViews.NewAccountView(
        AccountViews.view(accounts.find(made).orElseThrow()), token);
  }

  /// @param version that the caller has seen; null for whichever
  @Transactional
  public AccountStore.Row edit(Caller caller, String id, Edit edit, @Nullable Long version) {
    AccountStore.Row row = accounts.lockRow(id).orElseThrow(() -> unknown(id));
    Versions.require(version, row.version());
    Boolean suspended = edit.suspended();
    if (Boolean.TRUE.equals(suspended) && id.equals(caller.accountId())) {
      throw Refused.conflict(
          "own_account", "an operator can't suspend the account that they act for");
    }
    Instant since = row.suspendedAt();
    if (suspended != null) {
      since = suspended ? (since == null ? clock.instant() : since) : null;
    }
    String name = edit.name() == null ? row.name() : edit.name();
    Quotas quotas = edit.quotas().over(row.quotas());
    accounts.update(new AccountStore.Row(id, name, row.createdAt(), since, quotas, row.version()));
    audit.done(caller, Action.of("UpdateAccount"), List.of(id));
    return accounts.find(id).orElseThrow();
  }

  static Refused unknown(String id) {
    return Refused.notFound("account_not_found", "accountId", "there is no account " + id);
  }
}
