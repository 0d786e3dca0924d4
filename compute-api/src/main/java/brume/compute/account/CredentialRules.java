package brume.compute.account;

import brume.compute.access.Caller;
import brume.compute.access.Role;
import brume.compute.refusal.Refused;
import java.time.Clock;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What holds for every new credential of an account, whatever its kind: nobody makes one that may
/// do more than they may themselves.
@Component
public class CredentialRules {
  private final JdbcClient database;
  private final Clock clock;

  CredentialRules(JdbcClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  public void require(Caller caller, NewCredential wanted) {
    Instant now = clock.instant();
    Instant expires = wanted.expiresAt();
    if (expires != null && !expires.isAfter(now)) {
      throw Refused.invalid("expiresAt", "expiresAt must be in the future; it is " + now + " now");
    }
    if (!caller.principal().scopes().isEmpty()) {
      throw Refused.forbidden(
          caller.principal().id()
              + " is limited by its scopes and so can make no credentials, which might be less"
              + " limited: use one without scopes");
    }
    String user = wanted.userId();
    if (user != null) {
      Role role =
          database
              .sql(
                  "SELECT role FROM compute.account_user"
                      + " WHERE id = ? AND account_id = ? AND removed_at IS NULL")
              .params(user, caller.accountId())
              .query(String.class)
              .optional()
              .map(Role::of)
              .orElseThrow(() ->
                  Refused.invalid(
                      "unknown_user", "userId", "there is no user " + user + " in this account"));
      if (role.orLess(wanted.role()) != wanted.role()) {
        throw Refused.invalid(
            "role", user + " has role " + role.text() + ": their credentials can't have more");
      }
    }
  }
}
