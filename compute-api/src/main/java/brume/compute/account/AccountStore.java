package brume.compute.account;

import brume.compute.refusal.Refused;
import brume.compute.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Accounts in the database: the only writer of `compute.account`. What must not happen twice at
/// once in one account (counting its quota, revoking its last owner) happens under a lock of the
/// account's row, held to the end of the transaction.
@Component
public class AccountStore {
  private static final int TOKENS_MAX = 5000;

  private final JdbcClient database;

  AccountStore(JdbcClient database) {
    this.database = database;
  }

  /// An account as it stands.
  ///
  /// @param suspendedAt null while it may act
  /// @param version counts its edits
  record Row(
      String id,
      String name,
      Instant createdAt,
      @Nullable Instant suspendedAt,
      Quotas quotas,
      long version) {}

  /// Asked at each start, so it does not wake what edits accounts.
  boolean isEmpty() {
    return database
        .sql("SELECT NOT EXISTS (SELECT FROM compute.account)")
        .query(Boolean.class)
        .single();
  }

  /// What a transaction has locked: it stays so, and as it was, until the transaction ends.
  private static final class Held implements TransactionSynchronization {
    private final Map<String, Quotas> quotas = new HashMap<>();

    static Held ofTransaction() {
      for (TransactionSynchronization known :
          TransactionSynchronizationManager.getSynchronizations()) {
        if (known instanceof Held held) {
          return held;
        }
      }
      Held held = new Held();
      TransactionSynchronizationManager.registerSynchronization(held);
      return held;
    }
  }

  /// NO KEY: rows that only refer to the account are still inserted meanwhile.
  @Transactional(propagation = Propagation.MANDATORY)
  public Quotas lock(String accountId) {
    Held held = Held.ofTransaction();
    Quotas known = held.quotas.get(accountId);
    if (known != null) {
      return known;
    }
    Quotas quotas =
        lockRow(accountId)
            .map(Row::quotas)
            .orElseThrow(() -> Refused.unauthenticated("this credential's account is gone"));
    held.quotas.put(accountId, quotas);
    return quotas;
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public Optional<Row> lockRow(String accountId) {
    return database
        .sql("SELECT * FROM compute.account WHERE id = ? FOR NO KEY UPDATE")
        .param(accountId)
        .query(AccountStore::row)
        .optional();
  }

  Optional<Row> find(String accountId) {
    return database
        .sql("SELECT * FROM compute.account WHERE id = ?")
        .param(accountId)
        .query(AccountStore::row)
        .optional();
  }

  /// By id, behind `after`.
  List<Row> list(@Nullable String after, int most) {
    return database
        .sql(
            "SELECT * FROM compute.account WHERE CAST(:after AS text) IS NULL OR id > :after"
                + " ORDER BY id LIMIT :most")
        .param("after", after, Types.VARCHAR)
        .param("most", most)
        .query(AccountStore::row)
        .list();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void insert(String id, String name, Quotas quotas, Instant at) {
    database
        .sql(
            """
            INSERT INTO compute.account (id, name, instances_max, vcpu_max, memory_mib_max,
              volumes_max, addresses_max, requests_per_second_max, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        .params(
            id,
            name,
            quotas.instancesMax(),
            quotas.vcpuMax(),
            quotas.memoryMibMax(),
            quotas.volumesMax(),
            quotas.addressesMax(),
            quotas.requestsPerSecondMax(),
            Timestamp.from(at))
        .update();
  }

  /// Writes name, quotas and suspension of a row that is locked.
  @Transactional(propagation = Propagation.MANDATORY)
  public void update(Row row) {
    Instant suspendedAt = row.suspendedAt();
    database
        .sql(
            """
            UPDATE compute.account SET name = :name, instances_max = :instances, vcpu_max = :vcpu,
              memory_mib_max = :memory, volumes_max = :volumes, addresses_max = :addresses,
              requests_per_second_max = :requests, suspended_at = :suspended,
              version = version + 1
            WHERE id = :id
            """)
        .param("name", row.name())
        .param("instances", row.quotas().instancesMax())
        .param("vcpu", row.quotas().vcpuMax())
        .param("memory", row.quotas().memoryMibMax())
        .param("volumes", row.quotas().volumesMax())
        .param("addresses", row.quotas().addressesMax())
        .param("requests", row.quotas().requestsPerSecondMax())
        .param(
            "suspended", suspendedAt == null ? null : Timestamp.from(suspendedAt), Types.TIMESTAMP)
        .param("id", row.id())
        .update();
  }

  private static Row row(ResultSet row, int number) throws SQLException {
    return new Row(
        row.getString("id"),
        row.getString("name"),
        Objects.requireNonNull(SqlTime.read(row, "created_at")),
        SqlTime.read(row, "suspended_at"),
        new Quotas(
            row.getInt("instances_max"),
            row.getInt("vcpu_max"),
            row.getLong("memory_mib_max"),
            row.getInt("volumes_max"),
            row.getInt("addresses_max"),
            row.getInt("requests_per_second_max")),
        row.getLong("version"));
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
