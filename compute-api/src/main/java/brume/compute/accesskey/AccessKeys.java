package brume.compute.accesskey;

import brume.compute.access.Principal;
import brume.compute.access.PrincipalRows;
import brume.compute.sql.SqlTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Finds who an access key is, and the secret that its signatures are made with. It asks the
/// database each time, so a deleted key is unknown from the next request on.
@Component
public class AccessKeys {
  static final Pattern ID = Pattern.compile("AKIA[A-Z2-7]{16}");

  private static final String SELECT =
      PrincipalRows.select(
          "c.sealing_key, c.sealed_secret",
          "compute.access_key",
          "c.id = ? AND c.deleted_at IS NULL");

  private final JdbcClient database;
  private final Sealing sealing;
  private final Clock clock;

  AccessKeys(JdbcClient database, Sealing sealing, Clock clock) {
    this.database = database;
    this.sealing = sealing;
    this.clock = clock;
  }

  /// A valid key. Who has shown nothing but its id is not yet known to be `principal`: that takes a
  /// signature made with the secret.
  public record Found(String secret, Principal principal) {
    @Override
    public String toString() {
      return "Found[" + principal.id() + "]";
    }
  }

  /// Empty where there is no such key, or no longer.
  public Optional<Found> find(String accessKeyId) {
    record Row(Principal principal, Sealing.Sealed sealed, @Nullable Instant expiresAt) {}

    if (!ID.matcher(accessKeyId).matches()) {
      return Optional.empty();
    }
    return database
        .sql(SELECT)
        .param(accessKeyId)
        .query((row, number) ->
            new Row(
                PrincipalRows.principal(row, Principal.Source.ACCESS_KEY, false),
                new Sealing.Sealed(row.getString("sealing_key"), row.getBytes("sealed_secret")),
                SqlTime.read(row, "expires_at")))
        .optional()
        .filter(row -> row.expiresAt() == null || row.expiresAt().isAfter(clock.instant()))
        .map(row -> new Found(sealing.open(accessKeyId, row.sealed()), row.principal()));
  }
}
