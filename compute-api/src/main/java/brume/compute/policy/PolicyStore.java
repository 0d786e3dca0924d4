package brume.compute.policy;

import brume.compute.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Policies in the database: the only writer of `compute.policy`.
@Component
public class PolicyStore {
  private static final TypeReference<TreeMap<String, String>> TAGS = new TypeReference<>() {};
  private static final String SELECT = "SELECT * FROM compute.policy WHERE account_id = ?";

  private final JdbcClient database;
  private final JsonMapper json;

  PolicyStore(JdbcClient database, JsonMapper json) {
    this.database = database;
    this.json = json;
  }

  /// @param version counts its edits
  public record Row(String id, Instant createdAt, long version, PolicyText text) {}

  /// By name; there are few.
  List<Row> list(String accountId) {
    return database
        .sql(SELECT + " ORDER BY name")
        .param(accountId)
        .query((row, number) -> row(row))
        .list();
  }

  Optional<Row> find(String accountId, String id) {
    return database
        .sql(SELECT + " AND id = ?")
        .params(accountId, id)
        .query((row, number) -> row(row))
        .optional();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void insert(String accountId, String id, PolicyText text, Instant at) {
    database
        .sql(
            """
            INSERT INTO compute.policy (name, effect, actions, types, tags, id, account_id, created_at)
            VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?)
            """)
        .params(
            text.name(),
            text.effect(),
            String.join(" ", text.actions()),
            String.join(" ", text.types()),
            json.writeValueAsString(text.tags()),
            id,
            accountId,
            Timestamp.from(at))
        .update();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void update(String id, PolicyText text) {
    database
        .sql(
            """
            UPDATE compute.policy SET name = ?, effect = ?, actions = ?, types = ?,
              tags = ?::jsonb, version = version + 1 WHERE id = ?
            """)
        .params(
            text.name(),
            text.effect(),
            String.join(" ", text.actions()),
            String.join(" ", text.types()),
            json.writeValueAsString(text.tags()),
            id)
        .update();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void delete(String id) {
    database.sql("DELETE FROM compute.policy WHERE id = ?").param(id).update();
  }

  private Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString("id"),
        Objects.requireNonNull(SqlTime.read(row, "created_at")),
        row.getLong("version"),
        new PolicyText(
            row.getString("name"),
            row.getString("effect"),
            words(row.getString("actions")),
            words(row.getString("types")),
            json.readValue(row.getString("tags"), TAGS)));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
