package brume.compute.access;

import brume.compute.gather.Gathering;
import brume.compute.refusal.Refused;
import brume.compute.sql.SqlTime;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Finds who a bearer token is. It asks the database each time, so a revoked token is refused from
/// the next request on; requests that come at once share a statement, and those with one token its
/// row.
@Component
public class Authentication {
  public static final int TOKEN_LENGTH_MAX = 200;

  private static final String SCHEME = "Bearer ";
  private static final int LOOKUPS_AT_ONCE = 2;
  private static final int TOKENS_AT_ONCE = 100;
  private static final String SELECT =
      PrincipalRows.select(
          "c.digest, c.cloud_operator",
          "compute.api_token",
          PrincipalRows.oneOf("c.digest", "bytea") + " AND c.revoked_at IS NULL");

  private final JdbcClient database;
  private final ConsoleSessions sessions;
  private final Clock clock;
  private final Gathering<ByteBuffer, Found> lookups;

  Authentication(JdbcClient database, ConsoleSessions sessions, Clock clock) {
    this.database = database;
    this.sessions = sessions;
    this.clock = clock;
    this.lookups = new Gathering<>("authentication", LOOKUPS_AT_ONCE, TOKENS_AT_ONCE, this::find);
  }

  /// What a request shows: a token, which a browser's session may have kept for it.
  record Shown(String bearer, @Nullable String sessionId) {}

  /// What the request shows. Throws a refusal where that is nothing, or a session that is over, or
  /// one that a page of another origin may have used.
  Shown shown(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    SessionSecret secret = header == null ? ConsoleSessions.secret(request) : null;
    if (secret == null) {
      return new Shown(bearer(header), null);
    }
    ConsoleSessions.Open open = sessions.find(secret).orElseThrow(ConsoleSessions::over);
    SameOrigin.require(request);
    return new Shown(open.bearer(), open.id());
  }

  /// Who the caller of an earlier request is now. Throws a refusal where its credential or its
  /// session has ended since.
  public Principal again(Caller caller) {
    if (caller.sessionId() != null) {
      sessions.requireOpen(caller.sessionId());
    }
    return principal(Objects.requireNonNull(caller.bearer()));
  }

  /// The token of an `Authorization` header. Throws a refusal where there is none.
  public static String bearer(@Nullable String header) {
    if (header == null || header.isBlank()) {
      throw Refused.unauthenticated(
          "no credential: send the header 'Authorization: Bearer <token>'");
    }
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw Refused.unauthenticated("the Authorization header must be 'Bearer <token>'");
    }
    String token = header.substring(SCHEME.length()).strip();
    if (token.isEmpty() || token.length() > TOKEN_LENGTH_MAX) {
      throw Refused.unauthenticated(
          "a bearer token has 1 to " + TOKEN_LENGTH_MAX + " characters, not " + token.length());
    }
    return token;
  }

  public Principal principal(String bearer) {
    Found found = lookups.ask(ByteBuffer.wrap(TokenDigest.of(bearer)));
    PrincipalRows.requireValid("token", found.expiresAt(), clock.instant());
    return found.principal();
  }

  private record Found(Principal principal, @Nullable Instant expiresAt) {}

  private void find(List<Gathering.Waiting<ByteBuffer, Found>> together) {
    Map<ByteBuffer, Found> found = new HashMap<>();
    byte[][] digests =
        together.stream()
            .map(Gathering.Waiting::question)
            .distinct()
            .map(ByteBuffer::array)
            .toArray(byte[][]::new);
    database
        .sql(SELECT)
        .param(digests)
        .query(row -> {
          Principal principal =
              PrincipalRows.principal(
                  row, Principal.Source.TOKEN, row.getBoolean("cloud_operator"));
          found.put(
              ByteBuffer.wrap(row.getBytes("digest")),
              new Found(principal, SqlTime.read(row, "expires_at")));
        });
    for (Gathering.Waiting<ByteBuffer, Found> one : together) {
      Found mine = found.get(one.question());
      if (mine == null) {
        one.answer()
            .completeExceptionally(
                Refused.unauthenticated("this token is not known or has been revoked"));
      } else {
        one.answer().complete(mine);
      }
    }
  }
}
