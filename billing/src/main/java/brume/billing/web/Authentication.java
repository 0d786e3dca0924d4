package brume.billing.web;

import brume.billing.SqlTime;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Finds who a bearer token is, by its digest in the view that compute-api publishes. Billing takes
/// nobody's word for it, not even the front door's.
@Component
class Authentication {
  static final int TOKEN_LENGTH_MAX = 200;

  private static final String SCHEME = "Bearer ";

  private final JdbcClient jdbc;
  private final Clock clock;

  Authentication(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  private record Found(Caller caller, @Nullable Instant expiresAt) {}

  /// @param header of the request, `Authorization`
  Caller caller(@Nullable String header) {
    Found found =
        jdbc.sql(
                """
                SELECT token_id, account_id, account_name, role, cloud_operator, expires_at
                FROM compute.token_principal WHERE digest = ?
                """)
            .param(digest(bearer(header)))
            .query((row, index) ->
                new Found(
                    new Caller(
                        row.getString("token_id"),
                        row.getString("account_id"),
                        row.getString("account_name"),
                        row.getString("role"),
                        row.getBoolean("cloud_operator")),
                    SqlTime.outOrNull(row, "expires_at")))
            .optional()
            .orElseThrow(
                () -> Refused.unauthenticated("this token is not known or has been revoked"));
    Instant expiresAt = found.expiresAt();
    if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
      throw Refused.unauthenticated("this token expired at " + expiresAt);
    }
    return found.caller();
  }

  private static String bearer(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw Refused.unauthenticated(
          "no credential: send the header 'Authorization: Bearer <token>'");
    }
    String token = header.substring(SCHEME.length()).strip();
    if (token.isEmpty() || token.length() > TOKEN_LENGTH_MAX) {
      throw Refused.unauthenticated(
          "a bearer token has 1 to " + TOKEN_LENGTH_MAX + " characters, not " + token.length());
    }
    return token;
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
