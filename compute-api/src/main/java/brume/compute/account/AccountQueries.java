package brume.compute.account;

import brume.compute.access.Caller;
import brume.compute.refusal.Refused;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What an account may see of itself.
@Component
public class AccountQueries {
  /// An account with its quotas and who asks.
  public record AccountView(
      String id, String name, Instant createdAt, Quotas quotas, QuotaUse used, CallerView caller) {}

  /// The token that the request came with.
  public record CallerView(String tokenId, String role, boolean cloudOperator) {}

  private final AccountRepository accounts;
  private final TokenRepository tokens;
  private final JdbcClient database;

  AccountQueries(AccountRepository accounts, TokenRepository tokens, JdbcClient database) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.database = database;
  }

  public AccountView account(Caller caller) {
    Account account =
        accounts
            .findById(caller.accountId())
            .orElseThrow(() -> Refused.unauthenticated("this token's account is gone"));
    return new AccountView(
        account.id(),
        account.name(),
        account.createdAt(),
        account.quotas(),
        used(account.id()),
        new CallerView(
            caller.principal().tokenId(),
            caller.principal().role().text(),
            caller.principal().cloudOperator()));
  }

  public QuotaUse used(String accountId) {
    return database
        .sql(
            "SELECT count(*) AS instances, coalesce(sum(vcpu), 0) AS vcpu,"
                + " coalesce(sum(memory_mib), 0) AS memory_mib FROM compute.instance"
                + " WHERE account_id = ? AND intent <> 'TERMINATE'")
        .param(accountId)
        .query((row, number) ->
            new QuotaUse(row.getInt("instances"), row.getInt("vcpu"), row.getLong("memory_mib")))
        .single();
  }

  public Page<TokenView> tokens(Caller caller, Paging paging) {
    Limit limit = Limit.of(paging.oneMore());
    String after = paging.after();
    List<ApiToken> found =
        after == null
            ? tokens.findByAccountIdOrderByIdDesc(caller.accountId(), limit)
            : tokens.findByAccountIdAndIdLessThanOrderByIdDesc(caller.accountId(), after, limit);
    return Page.of(paging, found.stream().map(ApiToken::view).toList(), TokenView::id);
  }
}
