package brume.compute.account;

import brume.compute.access.Caller;
import brume.compute.access.Principal;
import brume.compute.access.PrincipalRows;
import brume.compute.account.AccountViews.AccountView;
import brume.compute.account.AccountViews.CallerView;
import brume.compute.refusal.Refused;
import brume.compute.sql.SqlTime;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What an account may see of itself.
@Component
public class AccountQueries {
  private static final QuotaUse NOTHING = new QuotaUse(0, 0, 0);

  private final AccountStore accounts;
  private final JdbcClient database;

  AccountQueries(AccountStore accounts, JdbcClient database) {
    this.accounts = accounts;
    this.database = database;
  }

  public AccountView account(Caller caller) {
    AccountStore.Row account =
        accounts
            .find(caller.accountId())
            .orElseThrow(() -> Refused.unauthenticated("this credential's account is gone"));
    return new AccountView(
        account.id(),
        account.name(),
        account.createdAt(),
        account.suspendedAt(),
        account.quotas(),
        used(account.id()),
        callerView(caller.principal()));
  }

  private static CallerView callerView(Principal principal) {
    return new CallerView(
        principal.id(),
        principal.source() == Principal.Source.TOKEN ? principal.id() : null,
        principal.userId(),
        principal.role().text(),
        principal.cloudOperator(),
        principal.scopes());
  }

  public QuotaUse used(String accountId) {
    return database
        .sql("SELECT instances, vcpu, memory_mib FROM compute.account_use WHERE account_id = ?")
        .param(accountId)
        .query((row, number) ->
            new QuotaUse(row.getInt("instances"), row.getInt("vcpu"), row.getLong("memory_mib")))
        .optional()
        .orElse(NOTHING);
  }

  public Page<TokenView> tokens(Caller caller, Paging paging) {
    List<TokenView> found =
        database
            .sql(
                """
                SELECT t.id, t.label, t.role, t.cloud_operator, t.scopes, t.user_id, t.created_at,
                       t.expires_at, coalesce(t.revoked_at, u.removed_at) AS revoked_at,
                       c.last_used_at
                FROM compute.api_token t
                LEFT JOIN compute.account_user u ON u.id = t.user_id
                LEFT JOIN compute.credential_use c ON c.credential_id = t.id
                WHERE t.account_id = :account AND (CAST(:after AS text) IS NULL OR t.id < :after)
                ORDER BY t.id DESC LIMIT :limit
                """)
            .param("account", caller.accountId())
            .param("after", paging.after(), Types.VARCHAR)
            .param("limit", paging.oneMore())
            .query((row, number) -> token(row))
            .list();
    return Page.of(paging, found, TokenView::id);
  }

  private static TokenView token(ResultSet row) throws SQLException {
    return new TokenView(
        row.getString("id"),
        row.getString("label"),
        row.getString("role"),
        row.getBoolean("cloud_operator"),
        PrincipalRows.scopes(row.getString("scopes")),
        row.getString("user_id"),
        Objects.requireNonNull(SqlTime.read(row, "created_at")),
        SqlTime.read(row, "expires_at"),
        SqlTime.read(row, "revoked_at"),
        SqlTime.read(row, "last_used_at"));
  }
}
