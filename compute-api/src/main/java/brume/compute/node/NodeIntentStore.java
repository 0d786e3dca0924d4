package brume.compute.node;

import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// The only writer of `compute.node_intent`, which the scheduler follows.
@Component
class NodeIntentStore {
  private final JdbcClient database;

  NodeIntentStore(JdbcClient database) {
    this.database = database;
  }

  @Transactional
  void put(String nodeId, Availability availability, Instant now) {
    database
        .sql(
            """
            INSERT INTO compute.node_intent (node_id, availability, changed_at) VALUES (?, ?, ?)
            ON CONFLICT (node_id) DO UPDATE
            SET availability = excluded.availability, changed_at = excluded.changed_at
            """)
        .params(nodeId, availability.text(), now.atOffset(ZoneOffset.UTC))
        .update();
    database.sql("SELECT pg_notify('brume_intent', '')").query(row -> {});
  }
}
