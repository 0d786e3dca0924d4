package brume.billing.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Lets operators of the cloud at an account, where there is one.
@Component
class OperatedAccounts {
  private final Authentication authentication;
  private final JdbcClient jdbc;

  OperatedAccounts(Authentication authentication, JdbcClient jdbc) {
    this.authentication = authentication;
    this.jdbc = jdbc;
  }

  void admit(HttpServletRequest request, String account, @Nullable String authorization) {
    authentication.caller(authorization).requireCloudOperator();
    new Parameters(request, Set.of());
    boolean there =
        jdbc.sql("SELECT EXISTS (SELECT 1 FROM compute.billable_account WHERE account_id = ?)")
            .param(account)
            .query(Boolean.class)
            .single();
    if (!there) {
      throw Refused.notFound(
          "account_not_found",
          "accountId",
          "there is no account '" + Parameters.shown(account) + "'");
    }
  }
}
