package brume.compute.accesskey;

import brume.compute.access.Principal;
import brume.compute.access.PrincipalRows;
import brume.compute.gather.Gathering;
import brume.compute.sql.SqlTime;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Finds who an access key is, and the secret that its signatures are made with. It asks the
/// database each time, so a deleted key is unknown from the next request on; requests that come at
/// once share a statement, and those with one key its row.
@Component
public class AccessKeys {
  static final Pattern ID = Pattern.compile("AKIA[A-Z2-7]{16}");

  private static final String SELECT =
      PrincipalRows.select(
          "c.sealing_key, c.sealed_secret",
          "compute.access_key",
          PrincipalRows.oneOf("c.id", "text") + " AND c.deleted_at IS NULL");
  private static final int LOOKUPS_AT_ONCE = 2;
  private static final int KEYS_AT_ONCE = 100;

  private final JdbcClient database;
  private final Sealing sealing;
  private final Clock clock;
  private final Gathering<String, Optional<Row>> lookups;

  AccessKeys(JdbcClient database, Sealing sealing, Clock clock) {
    this.database = database;
    this.sealing = sealing;
    this.clock = clock;
    this.lookups = new Gathering<>("access-keys", LOOKUPS_AT_ONCE, KEYS_AT_ONCE, this::read);
  }

  /// A valid key. Who has shown nothing but its id is not yet known to be `principal`: that takes a
  /// signature made with the secret.
  public record Found(String secret, Principal principal) {
    @Override
    public String toString() {
      return "Found[" + principal.id() + "]";
    }
  }

  private record Row(Principal principal, Sealing.Sealed sealed, @Nullable Instant expiresAt) {}

  /// Empty where there is no such key, or no longer.
  public Optional<Found> find(String accessKeyId) {
    if (!ID.matcher(accessKeyId).matches()) {
      return Optional.empty();
    }
    return lookups
        .ask(accessKeyId)
        .filter(row -> row.expiresAt() == null || row.expiresAt().isAfter(clock.instant()))
        .map(row -> new Found(sealing.open(accessKeyId, row.sealed()), row.principal()));
  }

  private void read(List<Gathering.Waiting<String, Optional<Row>>> together) {
    Map<String, Row> known = new HashMap<>();
    database
        .sql(SELECT)
        .param(together.stream().map(Gathering.Waiting::question).distinct().toArray(String[]::new))
        .query(row -> {
          Principal principal = PrincipalRows.principal(row, Principal.Source.ACCESS_KEY, false);
          Sealing.Sealed sealed =
              new Sealing.Sealed(row.getString("sealing_key"), row.getBytes("sealed_secret"));
          known.put(
              row.getString("id"), new Row(principal, sealed, SqlTime.read(row, "expires_at")));
        });
    together.forEach(one -> one.answer().complete(Optional.ofNullable(known.get(one.question()))));
  }
}
