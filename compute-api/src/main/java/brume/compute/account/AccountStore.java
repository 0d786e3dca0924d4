package brume.compute.account;

import brume.compute.refusal.Refused;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// What must not happen twice at once in one account (counting its quota, revoking its last owner)
/// happens under a lock of the account's row, held to the end of the transaction.
@Component
public class AccountStore {
  private static final int TOKENS_MAX = 5000;

  private final JdbcClient database;

  AccountStore(JdbcClient database) {
    this.database = database;
  }

  /// Asked at each start, so it does not wake what edits accounts.
  boolean isEmpty() {
    return database
        .sql("SELECT NOT EXISTS (SELECT FROM compute.account)")
        .query(Boolean.class)
        .single();
  }

  /// NO KEY: rows that only refer to the account are still inserted meanwhile.
  @Transactional(propagation = Propagation.MANDATORY)
  public Quotas lock(String accountId) {
    return database
        .sql(
            "SELECT instances_max, vcpu_max, memory_mib_max FROM compute.account"
                + " WHERE id = ? FOR NO KEY UPDATE")
        .param(accountId)
        .query((row, number) ->
            new Quotas(
                row.getInt("instances_max"), row.getInt("vcpu_max"), row.getLong("memory_mib_max")))
        .optional()
        .orElseThrow(() -> Refused.unauthenticated("this token's account is gone"));
  }

  /// Whether the account has an owner's token that can make further ones, without looking at the
  /// one token or the one user that are about to go.
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean hasOwnerToken(
      String accountId, @Nullable String exceptToken, @Nullable String exceptUser, Instant now) {
    return database
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM compute.api_token t LEFT JOIN compute.account_user u ON u.id = t.user_id
              WHERE t.account_id = :account AND t.role = 'owner' AND t.scopes = ''
                AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > :now)
                AND (t.user_id IS NULL OR (u.role = 'owner' AND u.removed_at IS NULL))
                AND t.id IS DISTINCT FROM :token
                AND (t.user_id IS NULL OR t.user_id IS DISTINCT FROM :user))
            """)
        .param("account", accountId)
        .param("now", Timestamp.from(now))
        .param("token", exceptToken, Types.VARCHAR)
        .param("user", exceptUser, Types.VARCHAR)
        .query(Boolean.class)
        .single();
  }

  /// Tokens are cheap, but not without end.
  @Transactional(propagation = Propagation.MANDATORY)
  public void requireRoomForToken(String accountId) {
    int held =
        database
            .sql(
                "SELECT count(*) FROM compute.api_token WHERE account_id = ? AND revoked_at IS NULL")
            .param(accountId)
            .query(Integer.class)
            .single();
    if (held >= TOKENS_MAX) {
      throw Refused.conflict(
          "quota_exceeded",
          "the account has " + held + " tokens and may have " + TOKENS_MAX + ": revoke some");
    }
  }
}
