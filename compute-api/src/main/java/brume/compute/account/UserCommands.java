package brume.compute.account;

import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.access.Role;
import brume.compute.account.UserStore.UserView;
import brume.compute.audit.AuditTrail;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.compute.web.Versions;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Adds, changes and removes people of an account, under the account's lock.
@Component
public class UserCommands {
  private final UserStore users;
  private final AccountStore accounts;
  private final IdempotencyStore requests;
  private final AuditTrail audit;
  private final IdGenerator ids;
  private final Clock clock;

  UserCommands(
      UserStore users,
      AccountStore accounts,
      IdempotencyStore requests,
      AuditTrail audit,
      IdGenerator ids,
      Clock clock) {
    this.users = users;
    this.accounts = accounts;
    this.requests = requests;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
  }

  /// Who is to be added.
  record NewUser(String name, Role role) {}

  @Transactional
  public UserView create(Caller caller, NewUser wanted) {
    return requests.once(
        caller, "createUser", wanted, UserView.class, () -> insert(caller, wanted));
  }

  private UserView insert(Caller caller, NewUser wanted) {
    accounts.lock(caller.accountId());
    if (users.isTaken(caller.accountId(), wanted.name())) {
      throw new Refused(
          new Refusal.Conflict(
              "name_taken", "name", "there is a user '" + wanted.name() + "' already"));
    }
    Quotas.require("name", "users", UserStore.USERS_MAX, users.count(caller.accountId()), 1);
    UserView user =
        new UserView(ids.next("usr-"), wanted.name(), wanted.role().text(), clock.instant(), 1);
    users.insert(caller.accountId(), user);
    audit.done(caller, Action.of("CreateUser"), List.of(user.id()));
    return user;
  }

  /// @param version that it must have still; null for any
  @Transactional
  public UserView give(Caller caller, String id, Role role, @Nullable Long version) {
    UserView user = locked(caller, id);
    Versions.require(version, user.version());
    if (role != Role.OWNER && Role.of(user.role()) == Role.OWNER) {
      requireAnotherOwner(caller, id);
    }
    users.give(id, role);
    audit.done(caller, Action.of("UpdateUser"), List.of(id));
    return users.find(caller.accountId(), id).orElseThrow();
  }

  /// With all of the user's tokens and access keys.
  ///
  /// @param version that it must have still; null for any
  @Transactional
  public void remove(Caller caller, String id, @Nullable Long version) {
    UserView user = locked(caller, id);
    Versions.require(version, user.version());
    if (Role.of(user.role()) == Role.OWNER) {
      requireAnotherOwner(caller, id);
    }
    users.remove(id, clock.instant());
    audit.done(caller, Action.of("RemoveUser"), List.of(id));
  }

  private UserView locked(Caller caller, String id) {
    accounts.lock(caller.accountId());
    return users.find(caller.accountId(), id).orElseThrow(() -> UserStore.unknown(id));
  }

  private void requireAnotherOwner(Caller caller, String id) {
    Instant now = clock.instant();
    if (!accounts.hasOwnerToken(caller.accountId(), null, id, now)) {
      throw Refused.conflict(
          "last_owner_token", id + " holds the account's last owner token: make another one first");
    }
  }
}
