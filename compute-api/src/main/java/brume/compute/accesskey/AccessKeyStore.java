package brume.compute.accesskey;

import brume.compute.access.PrincipalRows;
import brume.compute.account.NewCredential;
import brume.compute.refusal.Refused;
import brume.compute.sql.SqlTime;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Access keys in the database: the only writer of `compute.access_key`.
@Component
public class AccessKeyStore {
  static final int KEYS_MAX = 1000;

  private static final String SELECT =
      """
      SELECT k.id, k.label, k.role, k.scopes, k.user_id, k.created_at, k.expires_at,
             coalesce(k.deleted_at, u.removed_at) AS deleted_at, c.last_used_at
      FROM compute.access_key k
      LEFT JOIN compute.account_user u ON u.id = k.user_id
      LEFT JOIN compute.credential_use c ON c.credential_id = k.id
      WHERE k.account_id = :account
      """;

  private final JdbcClient database;

  /// A secret, and which credential asked for it.
  record Kept(String madeBy, Sealing.Sealed sealed) {}

  AccessKeyStore(JdbcClient database) {
    this.database = database;
  }

  Page<AccessKeyView> list(String accountId, Paging paging) {
    List<AccessKeyView> found =
        database
            .sql(
                SELECT
                    + " AND (CAST(:after AS text) IS NULL OR k.id > :after)"
                    + " ORDER BY k.id LIMIT :limit")
            .param("account", accountId)
            .param("after", paging.after(), Types.VARCHAR)
            .param("limit", paging.oneMore())
            .query(AccessKeyStore::view)
            .list();
    return Page.of(paging, found, AccessKeyView::id);
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public Optional<AccessKeyView> lock(String accountId, String id) {
    return database
        .sql(SELECT + " AND k.id = :id FOR UPDATE OF k")
        .param("account", accountId)
        .param("id", id)
        .query(AccessKeyStore::view)
        .optional();
  }

  /// Access keys are cheap, but not without end.
  @Transactional(propagation = Propagation.MANDATORY)
  public void requireRoom(String accountId) {
    int held =
        database
            .sql(
                "SELECT count(*) FROM compute.access_key"
                    + " WHERE account_id = ? AND deleted_at IS NULL")
            .param(accountId)
            .query(Integer.class)
            .single();
    if (held >= KEYS_MAX) {
      throw Refused.conflict(
          "quota_exceeded",
          "the account has " + held + " access keys and may have " + KEYS_MAX + ": delete some");
    }
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public AccessKeyView insert(
      String accountId,
      String madeBy,
      String id,
      Sealing.Sealed sealed,
      NewCredential wanted,
      Instant now) {
    Instant at = now.truncatedTo(ChronoUnit.MICROS);
    Instant expires =
        wanted.expiresAt() == null ? null : wanted.expiresAt().truncatedTo(ChronoUnit.MICROS);
    database
        .sql(
            """
            INSERT INTO compute.access_key (id, account_id, user_id, label, role, scopes, made_by,
              sealing_key, sealed_secret, created_at, expires_at)
            VALUES (:id, :account, :user, :label, :role, :scopes, :madeBy, :key, :sealed, :at,
              :expires)
            """)
        .param("id", id)
        .param("account", accountId)
        .param("user", wanted.userId(), Types.VARCHAR)
        .param("label", wanted.label())
        .param("role", wanted.role().text())
        .param("scopes", wanted.scopesText())
        .param("madeBy", madeBy)
        .param("key", sealed.key())
        .param("sealed", sealed.bytes())
        .param("at", Timestamp.from(at))
        .param("expires", expires == null ? null : Timestamp.from(expires), Types.TIMESTAMP)
        .update();
    return new AccessKeyView(
        id,
        wanted.label(),
        wanted.role().text(),
        wanted.scopes(),
        wanted.userId(),
        at,
        expires,
        null,
        null);
  }

  boolean isKnown(String id) {
    return database
        .sql("SELECT EXISTS (SELECT FROM compute.access_key WHERE id = ?)")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  Optional<Kept> secret(String accountId, String id) {
    return database
        .sql(
            "SELECT made_by, sealing_key, sealed_secret FROM compute.access_key"
                + " WHERE id = ? AND account_id = ? AND deleted_at IS NULL")
        .params(id, accountId)
        .query((row, number) ->
            new Kept(row.getString(1), new Sealing.Sealed(row.getString(2), row.getBytes(3))))
        .optional();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void expire(String id, Instant at) {
    database
        .sql("UPDATE compute.access_key SET expires_at = ? WHERE id = ?")
        .params(Timestamp.from(at), id)
        .update();
  }

  /// @return whether there is one
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean delete(String accountId, String id, Instant at) {
    return database
            .sql(
                "UPDATE compute.access_key SET deleted_at = coalesce(deleted_at, ?),"
                    + " sealed_secret = NULL WHERE id = ? AND account_id = ?")
            .params(Timestamp.from(at), id, accountId)
            .update()
        > 0;
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public List<Map.Entry<String, Sealing.Sealed>> sealedWithout(String key, int most) {
    return database
        .sql(
            "SELECT id, sealing_key, sealed_secret FROM compute.access_key"
                + " WHERE sealing_key <> ? AND deleted_at IS NULL ORDER BY id LIMIT ?"
                + " FOR UPDATE SKIP LOCKED")
        .params(key, most)
        .query((row, number) ->
            Map.entry(row.getString(1), new Sealing.Sealed(row.getString(2), row.getBytes(3))))
        .list();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void reseal(String id, Sealing.Sealed sealed) {
    database
        .sql("UPDATE compute.access_key SET sealing_key = ?, sealed_secret = ? WHERE id = ?")
        .params(sealed.key(), sealed.bytes(), id)
        .update();
  }

  static Refused unknown(String id) {
    return Refused.notFound(
        "access_key_not_found", "accessKeyId", "there is no access key " + id + " in this account");
  }

  private static AccessKeyView view(ResultSet row, int number) throws SQLException {
    return new AccessKeyView(
        row.getString("id"),
        row.getString("label"),
        row.getString("role"),
        PrincipalRows.scopes(row.getString("scopes")),
        row.getString("user_id"),
        Objects.requireNonNull(SqlTime.read(row, "created_at")),
        SqlTime.read(row, "expires_at"),
        SqlTime.read(row, "deleted_at"),
        SqlTime.read(row, "last_used_at"));
  }
}
