package brume.scheduler.fleet;

import brume.contract.IdGenerator;
import brume.contract.sync.NodeCredential;
import brume.contract.sync.NodeRegistration;
import brume.scheduler.web.Problem;
import brume.scheduler.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Nodes: how they join, and who they are.
public final class NodeStore {
  private static final int SECRET_BYTES = 32;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final IdGenerator ids;
  private final RandomGenerator random;

  public NodeStore(
      JdbcClient jdbc, TransactionTemplate transaction, IdGenerator ids, RandomGenerator random) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.ids = ids;
    this.random = random;
  }

  private record Token(@Nullable String usedBy) {}

  /// A join token lets one node in. The same node may present it again until its first report, as
  /// the answer to its first try may have been lost; it then gets a new secret.
  public NodeCredential register(NodeRegistration registration, Instant now) {
    return Objects.requireNonNull(
        transaction.execute(status -> registerInTransaction(registration, now)));
  }

  private NodeCredential registerInTransaction(NodeRegistration registration, Instant now) {
    byte[] digest = Digests.sha256(registration.joinToken());
    Token token =
        jdbc.sql("SELECT used_by FROM scheduling.join_token WHERE digest = ? FOR UPDATE")
            .param(digest)
            .query((row, index) -> new Token(row.getString("used_by")))
            .optional()
            .orElseThrow(() -> new ProblemException(Problem.joinTokenUnknown()));
    byte[] secretBytes = new byte[SECRET_BYTES];
    random.nextBytes(secretBytes);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(secretBytes);
    if (token.usedBy() != null) {
      return registerAgain(registration, token.usedBy(), secret);
    }
    String nodeId = ids.next("node-");
    int inserted =
        jdbc.sql(
                """
                INSERT INTO scheduling.node
                  (id, name, zone, address, secret_digest, vcpu, memory_mib, registered_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO NOTHING
                """)
            .param(nodeId)
            .param(registration.name())
            .param(registration.zone())
            .param(registration.address())
            .param(Digests.sha256(secret))
            .param(registration.capacity().vcpu())
            .param(registration.capacity().memoryMib())
            .param(Times.sql(now))
            .update();
    if (inserted == 0) {
      throw new ProblemException(Problem.nodeNameTaken(registration.name()));
    }
    jdbc.sql("UPDATE scheduling.join_token SET used_by = ?, used_at = ? WHERE digest = ?")
        .param(nodeId)
        .param(Times.sql(now))
        .param(digest)
        .update();
    return new NodeCredential(nodeId, secret);
  }

  private NodeCredential registerAgain(
      NodeRegistration registration, String nodeId, String secret) {
    int updated =
        jdbc.sql(
                """
                UPDATE scheduling.node
                SET zone = ?, address = ?, secret_digest = ?, vcpu = ?, memory_mib = ?
                WHERE id = ? AND name = ? AND boot_id IS NULL
                """)
            .param(registration.zone())
            .param(registration.address())
            .param(Digests.sha256(secret))
            .param(registration.capacity().vcpu())
            .param(registration.capacity().memoryMib())
            .param(nodeId)
            .param(registration.name())
            .update();
    if (updated == 0) {
      throw new ProblemException(Problem.joinTokenUsed());
    }
    return new NodeCredential(nodeId, secret);
  }

  /// The id of the node that proves itself with this secret.
  public Optional<String> bySecret(String secret) {
    return jdbc.sql("SELECT id FROM scheduling.node WHERE secret_digest = ?")
        .param(Digests.sha256(secret))
        .query(String.class)
        .optional();
  }

  /// Locks the node's row until the transaction ends: whoever writes facts about a node does this
  /// first.
  public Optional<NodeRecord> lock(String nodeId) {
    return jdbc.sql(
            """
            SELECT id, name, ready, boot_id, event_sequence, report_monotonic, counters_at,
                   last_heartbeat_at, lease_expires_at
            FROM scheduling.node WHERE id = ? FOR NO KEY UPDATE
            """)
        .param(nodeId)
        .query((row, index) -> node(row))
        .optional();
  }

  private static NodeRecord node(ResultSet row) throws SQLException {
    return new NodeRecord(
        row.getString("id"),
        row.getString("name"),
        row.getBoolean("ready"),
        row.getString("boot_id"),
        row.getLong("event_sequence"),
        row.getObject("report_monotonic", Long.class),
        Times.read(row, "counters_at"),
        Times.read(row, "last_heartbeat_at"),
        Times.read(row, "lease_expires_at"));
  }
}
