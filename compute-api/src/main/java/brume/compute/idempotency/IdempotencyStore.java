package brume.compute.idempotency;

import brume.compute.access.Caller;
import brume.compute.access.TokenDigest;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.security.MessageDigest;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    Keyed keyed = keyed(key, operation, body);
    Kept kept = begin(caller.accountId(), List.of(keyed)).get(key);
    if (kept != null) {
      return answer(keyed, kept, type);
    }
    T answer = work.get();
    finish(caller.accountId(), Map.of(key, answer));
    return answer;
  }

  /// A request with a key, and what it asks.
  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  public record Keyed(String key, String operation, byte[] digest) {}

  /// What was answered to an earlier request with a key.
  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  public record Kept(String operation, byte[] digest, String answer) {}

  public Keyed keyed(String key, String operation, Object body) {
    return new Keyed(key, operation, TokenDigest.sha256(json.writeValueAsBytes(body)));
  }

  /// Begins requests with different keys. Each waits for another transaction that has begun its
  /// key; all wait in one order, so that none waits for one that waits for it.
  ///
  /// @return what is kept already, by key: those are not begun
  @Transactional(propagation = Propagation.MANDATORY)
  public Map<String, Kept> begin(String accountId, List<Keyed> requests) {
    List<Keyed> ordered = requests.stream().sorted(Comparator.comparing(Keyed::key)).toList();
    Set<String> left = new HashSet<>(requests.stream().map(Keyed::key).toList());
    database
        .sql(
            """
            INSERT INTO compute.idempotent_request
              (account_id, key, operation, body_digest, status, answer, created_at)
            SELECT :account, u.key, u.operation, u.digest, 0, '', :at
            FROM unnest(:keys, :operations, :digests) AS u(key, operation, digest)
            ON CONFLICT DO NOTHING RETURNING key
            """)
        .param("account", accountId)
        .param("at", Timestamp.from(clock.instant()))
        .param("keys", ordered.stream().map(Keyed::key).toArray(String[]::new))
        .param("operations", ordered.stream().map(Keyed::operation).toArray(String[]::new))
        .param("digests", ordered.stream().map(Keyed::digest).toArray(byte[][]::new))
        .query(String.class)
        .list()
        .forEach(left::remove);
    return left.isEmpty() ? Map.of() : kept(accountId, left);
  }

  private Map<String, Kept> kept(String accountId, Set<String> keys) {
    Map<String, Kept> kept = new HashMap<>();
    database
        .sql(
            "SELECT key, operation, body_digest, answer FROM compute.idempotent_request"
                + " WHERE account_id = ? AND key = ANY (?)")
        .params(accountId, keys.toArray(String[]::new))
        .query(row -> {
          kept.put(row.getString(1), new Kept(row.getString(2), row.getBytes(3), row.getString(4)));
        });
    return kept;
  }

  /// The kept answer. Throws a refusal where the key was used for something else.
  public <T> T answer(Keyed asked, Kept kept, Class<T> type) {
    boolean sameBody = MessageDigest.isEqual(kept.digest(), asked.digest());
    if (!kept.operation().equals(asked.operation()) || !sameBody) {
      throw new Refused(
          new Refusal.Unfit(
              Refusal.Form.KEY_REUSED,
              "this Idempotency-Key was used for "
                  + kept.operation()
                  + (kept.operation().equals(asked.operation()) ? " with another body" : "")
                  + ": choose a new key for a new request"));
    }
    return json.readValue(kept.answer(), type);
  }

  /// Keeps the answers of requests that were begun in this transaction, by key.
  @Transactional(propagation = Propagation.MANDATORY)
  public void finish(String accountId, Map<String, ?> answers) {
    if (answers.isEmpty()) {
      return;
    }
    List<String> keys = List.copyOf(answers.keySet());
    database
        .sql(
            """
            UPDATE compute.idempotent_request r SET status = 200, answer = u.answer
            FROM unnest(:keys, :answers) AS u(key, answer)
            WHERE r.account_id = :account AND r.key = u.key
            """)
        .param("account", accountId)
        .param("keys", keys.toArray(String[]::new))
        .param(
            "answers",
            keys.stream()
                .map(key -> json.writeValueAsString(answers.get(key)))
                .toArray(String[]::new))
        .update();
  }

  /// Takes back what was begun in this transaction and is refused.
  @Transactional(propagation = Propagation.MANDATORY)
  public void forget(String accountId, List<String> keys) {
    if (!keys.isEmpty()) {
      database
          .sql("DELETE FROM compute.idempotent_request WHERE account_id = ? AND key = ANY (?)")
          .params(accountId, keys.toArray(String[]::new))
          .update();
    }
  }
}
