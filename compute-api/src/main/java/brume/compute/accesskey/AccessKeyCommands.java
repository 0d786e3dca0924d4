package brume.compute.accesskey;

import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.access.PrincipalRows;
import brume.compute.access.Role;
import brume.compute.account.CredentialRules;
import brume.compute.account.NewCredential;
import brume.compute.account.Overlap;
import brume.compute.audit.AuditTrail;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.refusal.Refused;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes, replaces and deletes access keys.
@Component
public class AccessKeyCommands {
  private static final Logger LOG = LoggerFactory.getLogger(AccessKeyCommands.class);
  private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int SECRET_BYTES = 30; // 40 characters of base64, as EC2's clients expect

  private final AccessKeyStore store;
  private final Sealing sealing;
  private final CredentialRules rules;
  private final IdempotencyStore requests;
  private final AuditTrail audit;
  private final RandomGenerator random;
  private final Clock clock;

  AccessKeyCommands(
      AccessKeyStore store,
      Sealing sealing,
      CredentialRules rules,
      IdempotencyStore requests,
      AuditTrail audit,
      RandomGenerator random,
      Clock clock) {
    this.store = store;
    this.sealing = sealing;
    this.rules = rules;
    this.requests = requests;
    this.audit = audit;
    this.random = random;
    this.clock = clock;
  }

  @Transactional
  public NewAccessKey create(Caller caller, NewCredential wanted) {
    return once(
        caller,
        "createAccessKey",
        wanted,
        () -> {
          AccessKeyView made = insert(caller, wanted);
          audit.done(caller, Action.of("CreateAccessKey"), List.of(made.id()));
          return made;
        });
  }

  /// Makes another one like it; the old one ends after the overlap.
  @Transactional
  public NewAccessKey rotate(Caller caller, String id, Overlap overlap) {
    return once(
        caller,
        "rotateAccessKey " + id,
        overlap,
        () -> {
          AccessKeyView old =
              store.lock(caller.accountId(), id).orElseThrow(() -> AccessKeyStore.unknown(id));
          Instant now = clock.instant();
          if (old.deletedAt() != null) {
            throw Refused.conflict("credential_ended", id + " is deleted: create another");
          }
          Overlap.requireNotOver(id, old.expiresAt(), now);
          AccessKeyView made =
              insert(
                  caller,
                  new NewCredential(
                      old.label(),
                      Role.of(old.role()),
                      old.scopes(),
                      old.userId(),
                      Overlap.renewed(old.createdAt(), old.expiresAt(), now)));
          audit.done(caller, Action.of("RotateAccessKey"), List.of(id, made.id()));
          store.expire(id, overlap.endOf(old.expiresAt(), now));
          return made;
        });
  }

  /// The secret is sealed and so can be shown again to the one that asked, as often as the answer
  /// gets lost.
  private NewAccessKey once(
      Caller caller, String operation, Object body, Supplier<AccessKeyView> work) {
    AccessKeyView view = requests.once(caller, operation, body, AccessKeyView.class, work);
    AccessKeyStore.Kept kept =
        store
            .secret(caller.accountId(), view.id())
            .orElseThrow(() ->
                Refused.conflict(
                    "secret_shown_once",
                    view.id() + " was made by this request and is deleted by now"));
    if (!kept.madeBy().equals(caller.principal().id())) {
      throw Refused.conflict(
          "secret_shown_once",
          view.id()
              + " was made by this request with another credential, and its secret is shown only"
              + " to that one: delete it and make another");
    }
    return NewAccessKey.of(view, sealing.open(view.id(), kept.sealed()));
  }

  private AccessKeyView insert(Caller caller, NewCredential wanted) {
    rules.require(caller, wanted);
    store.requireRoom(caller.accountId());
    return insert(caller.accountId(), caller.principal().id(), newId(), newSecret(), wanted);
  }

  private AccessKeyView insert(
      String accountId, String madeBy, String id, String secret, NewCredential wanted) {
    return store.insert(accountId, madeBy, id, sealing.seal(id, secret), wanted, clock.instant());
  }

  /// The first account's key, as the operator gave it; does nothing where it is there already.
  @Transactional
  public boolean createFirst(String accountId, String id, String secret) {
    if (!AccessKeys.ID.matcher(id).matches() || !secret.matches("[A-Za-z0-9+/]{40}")) {
      throw new IllegalArgumentException(
          "brume.bootstrap.access-key-id must match "
              + AccessKeys.ID
              + " and brume.bootstrap.secret-access-key have 40 characters of base64");
    }
    if (store.isKnown(id)) {
      return false;
    }
    insert(
        accountId,
        "operator",
        id,
        secret,
        new NewCredential("first", Role.OWNER, PrincipalRows.scopes(""), null, null));
    return true;
  }

  /// Deleting again changes nothing. The secret is forgotten.
  @Transactional
  public void delete(Caller caller, String id) {
    if (!store.delete(caller.accountId(), id, clock.instant())) {
      throw AccessKeyStore.unknown(id);
    }
    audit.done(caller, Action.of("DeleteAccessKey"), List.of(id));
  }

  /// Seals anew what an older key of the operator's sealed. What does not open stays as it is.
  ///
  /// @return how many
  @Transactional
  public int sealAnew(int most) {
    if (!sealing.canSeal()) {
      return 0;
    }
    int done = 0;
    for (Map.Entry<String, Sealing.Sealed> old : store.sealedWithout(sealing.current(), most)) {
      try {
        String secret = sealing.open(old.getKey(), old.getValue());
        store.reseal(old.getKey(), sealing.seal(old.getKey(), secret));
        done++;
      } catch (Refused | IllegalStateException e) {
        LOG.warn("{} stays sealed with an older key: {}", old.getKey(), e.getMessage());
      }
    }
    return done;
  }

  private String newId() {
    StringBuilder id = new StringBuilder("AKIA");
    for (int i = 0; i < 16; i++) {
      id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
    }
    return id.toString();
  }

  private String newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
