package brume.compute.account;

import brume.compute.access.Role;
import brume.compute.refusal.Refused;
import brume.compute.sql.SqlTime;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// People of accounts in the database: the only writer of `compute.account_user`.
@Component
public class UserStore {
  static final int USERS_MAX = 5000;

  private static final String SELECT =
      "SELECT id, name, role, created_at, version FROM compute.account_user"
          + " WHERE account_id = :account AND removed_at IS NULL";

  private final JdbcClient database;

  UserStore(JdbcClient database) {
    this.database = database;
  }

  /// A person of an account.
  ///
  /// @param version counts the edits; what a kept answer of an older release lacks is 0
  public record UserView(String id, String name, String role, Instant createdAt, long version) {}

  Page<UserView> list(String accountId, Paging paging) {
    List<UserView> found =
        database
            .sql(
                SELECT
                    + " AND (CAST(:after AS text) IS NULL OR id > :after)"
                    + " ORDER BY id LIMIT :limit")
            .param("account", accountId)
            .param("after", paging.after(), Types.VARCHAR)
            .param("limit", paging.oneMore())
            .query(UserStore::view)
            .list();
    return Page.of(paging, found, UserView::id);
  }

  Optional<UserView> find(String accountId, String id) {
    return database
        .sql(SELECT + " AND id = :id")
        .param("account", accountId)
        .param("id", id)
        .query(UserStore::view)
        .optional();
  }

  int count(String accountId) {
    return database
        .sql(
            "SELECT count(*) FROM compute.account_user"
                + " WHERE account_id = ? AND removed_at IS NULL")
        .param(accountId)
        .query(Integer.class)
        .single();
  }

  boolean isTaken(String accountId, String name) {
    return database
        .sql("SELECT EXISTS (" + SELECT + " AND name = :name)")
        .param("account", accountId)
        .param("name", name)
        .query(Boolean.class)
        .single();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void insert(String accountId, UserView user) {
    database
        .sql(
            "INSERT INTO compute.account_user (id, account_id, name, role, created_at)"
                + " VALUES (?, ?, ?, ?, ?)")
        .params(user.id(), accountId, user.name(), user.role(), Timestamp.from(user.createdAt()))
        .update();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void give(String id, Role role) {
    database
        .sql("UPDATE compute.account_user SET role = ?, version = version + 1 WHERE id = ?")
        .params(role.text(), id)
        .update();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void remove(String id, Instant at) {
    database
        .sql("UPDATE compute.account_user SET removed_at = ? WHERE id = ?")
        .params(Timestamp.from(at), id)
        .update();
  }

  static Refused unknown(String id) {
    return Refused.notFound(
        "user_not_found", "userId", "there is no user " + id + " in this account");
  }

  private static UserView view(ResultSet row, int number) throws SQLException {
    return new UserView(
        row.getString("id"),
        row.getString("name"),
        row.getString("role"),
        Objects.requireNonNull(SqlTime.read(row, "created_at")),
        row.getLong("version"));
  }
}
