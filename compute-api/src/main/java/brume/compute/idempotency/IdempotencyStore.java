package brume.compute.idempotency;

import brume.compute.access.Caller;
import brume.compute.access.TokenDigest;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.security.MessageDigest;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Runs a request's work once for each idempotency key. The key's row is inserted first, in the
/// work's own transaction: a second request with the key waits at the unique index until the first
/// has committed, and then reads its answer, or has failed, and then does the work itself. A crash
/// takes row and work away together.
///
/// A refusal is not kept: its transaction is rolled back, so the request may be asked again.
@Component
public class IdempotencyStore {
  private final JdbcClient database;
  private final Clock clock;
  private final JsonMapper json;

  IdempotencyStore(JdbcClient database, Clock clock, JsonMapper json) {
    this.database = database;
    this.clock = clock;
    // Sorted, so that one meaning has one digest; lenient, as an older release may have written it.
    this.json =
        json.rebuild()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
  }

  /// @param operation the contract's name of it, with the path's own parameters
  /// @param body what the request means, as a record: two bodies that mean the same are the same
  /// @param type of the answer, which must survive JSON
  @Transactional(propagation = Propagation.MANDATORY)
  public <T> T once(Caller caller, String operation, Object body, Class<T> type, Supplier<T> work) {
    String key = caller.idempotencyKey();
    if (key == null) {
      return work.get();
    }
    byte[] digest = TokenDigest.sha256(json.writeValueAsBytes(body));
    int inserted =
        database
            .sql(
                "INSERT INTO compute.idempotent_request"
                    + " (account_id, key, operation, body_digest, status, answer, created_at)"
                    + " VALUES (?, ?, ?, ?, 0, '', ?) ON CONFLICT DO NOTHING")
            .params(caller.accountId(), key, operation, digest, Timestamp.from(clock.instant()))
            .update();
    if (inserted == 0) {
      return json.readValue(kept(caller, key, operation, digest), type);
    }
    T answer = work.get();
    database
        .sql(
            "UPDATE compute.idempotent_request SET status = 200, answer = ?"
                + " WHERE account_id = ? AND key = ?")
        .params(json.writeValueAsString(answer), caller.accountId(), key)
        .update();
    return answer;
  }

  private String kept(Caller caller, String key, String operation, byte[] digest) {
    record Kept(String operation, boolean sameBody, String answer) {}
    Kept kept =
        database
            .sql(
                "SELECT operation, body_digest, answer FROM compute.idempotent_request"
                    + " WHERE account_id = ? AND key = ?")
            .params(caller.accountId(), key)
            .query((row, number) ->
                new Kept(
                    row.getString(1),
                    MessageDigest.isEqual(row.getBytes(2), digest),
                    row.getString(3)))
            .single();
    if (!kept.operation().equals(operation) || !kept.sameBody()) {
      throw new Refused(
          new Refusal.Unfit(
              Refusal.Form.KEY_REUSED,
              "this Idempotency-Key was used for "
                  + kept.operation()
                  + (kept.operation().equals(operation) ? " with another body" : "")
                  + ": choose a new key for a new request"));
    }
    return kept.answer();
  }
}
