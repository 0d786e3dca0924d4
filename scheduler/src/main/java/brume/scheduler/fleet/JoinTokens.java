package brume.scheduler.fleet;

import brume.contract.Checks;
import java.time.Clock;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The one-time tokens with which nodes join. Only their digests are stored; a used one stays, so
/// that using it again is refused by name.
public final class JoinTokens {
  private static final int LENGTH_MIN = 8;
  private static final int LENGTH_MAX = 200;

  private final JdbcClient jdbc;
  private final Clock clock;

  public JoinTokens(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /// Lets one more node join. Adding a token that is known, used or not, changes nothing.
  public void add(String token) {
    Checks.length("joinToken", token, LENGTH_MIN, LENGTH_MAX);
    jdbc.sql(
            """
            INSERT INTO scheduling.join_token (digest, created_at) VALUES (?, ?)
            ON CONFLICT (digest) DO NOTHING
            """)
        .param(Digests.sha256(token))
        .param(Times.sql(Times.now(clock)))
        .update();
  }

  public void addAll(List<String> tokens) {
    tokens.forEach(this::add);
  }
}
