package brume.compute.access;

import brume.compute.refusal.Refused;
import brume.compute.sql.SqlTime;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Finds the session that a browser's cookie belongs to. A session is no credential of its own: it
/// only keeps a token for the browser, which is asked for anew with each request, so it may what
/// the token may and ends when that does.
@Component
public class ConsoleSessions {
  public static final String COOKIE = "brume_session";

  /// How long a session lasts without being used.
  public static final Duration LASTS = Duration.ofHours(8);

  /// A busy session's end is written at most so often.
  private static final Duration RENEWED_AFTER = Duration.ofMinutes(5);

  private final JdbcClient database;
  private final Clock clock;

  ConsoleSessions(JdbcClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// A session that has not ended, with the token that it stands for.
  public record Open(String id, String bearer, Instant expiresAt) {
    @Override
    public String toString() {
      return "Open[" + id + "]";
    }
  }

  /// The secret in the request's cookie; null where there is none of the form.
  public static @Nullable SessionSecret secret(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    if (cookies != null) {
      for (Cookie cookie : cookies) {
        if (cookie.getName().equals(COOKIE) && SessionSecret.isOne(cookie.getValue())) {
          return new SessionSecret(cookie.getValue());
        }
      }
    }
    return null;
  }

  public Optional<Open> find(SessionSecret secret) {
    Instant now = clock.instant();
    return database
        .sql(
            "SELECT id, sealed_token, expires_at FROM compute.console_session"
                + " WHERE digest = ? AND expires_at > ?")
        .params(secret.digest(), Timestamp.from(now))
        .query((row, number) ->
            new Open(
                row.getString(1),
                secret.open(row.getBytes(2)),
                Objects.requireNonNull(SqlTime.read(row, "expires_at"))))
        .optional()
        .map(open -> renewed(open, now));
  }

  private Open renewed(Open open, Instant now) {
    Instant end = now.plus(LASTS);
    if (open.expiresAt().plus(RENEWED_AFTER).isAfter(end)) {
      return open;
    }
    database
        .sql("UPDATE compute.console_session SET expires_at = ? WHERE id = ?")
        .params(Timestamp.from(end), open.id())
        .update();
    return new Open(open.id(), open.bearer(), end);
  }

  /// Throws a refusal where the session has ended.
  void requireOpen(String id) {
    boolean open =
        database
            .sql(
                "SELECT EXISTS (SELECT FROM compute.console_session"
                    + " WHERE id = ? AND expires_at > ?)")
            .params(id, Timestamp.from(clock.instant()))
            .query(Boolean.class)
            .single();
    if (!open) {
      throw over();
    }
  }

  static Refused over() {
    return Refused.unauthenticated("this session is over: sign in again with POST /v1/session");
  }
}
