package brume.compute.account;

import brume.compute.refusal.Refused;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// What must not happen twice at once in one account (counting its quota, revoking its last owner)
/// happens under a lock of the account's row, held to the end of the transaction.
@Component
public class AccountStore {
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
}
