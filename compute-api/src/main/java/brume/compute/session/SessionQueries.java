package brume.compute.session;

import brume.compute.access.Principal;
import brume.compute.refusal.Refused;
import brume.compute.region.Regions;
import brume.compute.session.SessionView.AccountName;
import brume.compute.sql.SqlTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What a browser is told of who it is signed in as.
@Component
class SessionQueries {
  private final JdbcClient database;
  private final Regions regions;

  SessionQueries(JdbcClient database, Regions regions) {
    this.database = database;
    this.regions = regions;
  }

  SessionView view(Principal principal, @Nullable Instant expiresAt) {
    return database
        .sql(
            """
            SELECT a.name, a.suspended_at, t.label, u.name AS user_name
            FROM compute.api_token t JOIN compute.account a ON a.id = t.account_id
              LEFT JOIN compute.account_user u ON u.id = t.user_id
            WHERE t.id = ?
            """)
        .param(principal.id())
        .query((row, number) ->
            new SessionView(
                new AccountName(
                    principal.accountId(),
                    row.getString("name"),
                    SqlTime.read(row, "suspended_at")),
                principal.id(),
                row.getString("label"),
                principal.userId(),
                row.getString("user_name"),
                principal.role().text(),
                principal.cloudOperator(),
                principal.scopes(),
                regions.all(),
                expiresAt))
        .optional()
        .orElseThrow(() -> Refused.unauthenticated("this token is gone"));
  }

  @Nullable Instant expiresAt(String sessionId) {
    return database
        .sql("SELECT expires_at FROM compute.console_session WHERE id = ?")
        .param(sessionId)
        .query((row, number) -> SqlTime.read(row, "expires_at"))
        .optional()
        .orElse(null);
  }
}
