package brume.compute.instance;

import brume.compute.image.InstanceType;
import brume.compute.resource.Scope;
import brume.compute.tag.TagStore;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// What may be changed of an instance beside its intent: name and tags, type and user data. The tag
/// `Name` is the name.
@Component
public class InstancePlacing {
  private final JdbcClient database;

  InstancePlacing(JdbcClient database) {
    this.database = database;
  }

  /// @param name of all of them, as several of one launch have at the EC2 door
  @Transactional(propagation = Propagation.MANDATORY)
  public void name(List<String> ids, String name) {
    database
        .sql("UPDATE compute.instance SET name = ? WHERE id = ANY (?)")
        .params(name, ids.toArray(String[]::new))
        .update();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void tag(String id, Map<String, String> tags) {
    tags.forEach((key, value) ->
        database
            .sql(
                "INSERT INTO compute.instance_tag (instance_id, key, value) VALUES (?, ?, ?)"
                    + " ON CONFLICT (instance_id, key) DO UPDATE SET value = excluded.value")
            .params(id, key, value)
            .update());
    if (tags.containsKey("Name")) {
      rename(id, tags.get("Name"));
    }
  }

  /// @param value only where it has this value; null for whatever value
  @Transactional(propagation = Propagation.MANDATORY)
  public void untag(String id, String key, @Nullable String value) {
    int gone =
        database
            .sql(
                "DELETE FROM compute.instance_tag WHERE instance_id = :id AND key = :key"
                    + " AND (:any OR value = :value)")
            .param("id", id)
            .param("key", key)
            .param("any", value == null)
            .param("value", value == null ? "" : value)
            .update();
    if (key.equals("Name") && (gone > 0 || value == null)) {
      rename(id, null);
    }
  }

  private void rename(String id, @Nullable String name) {
    database
        .sql("UPDATE compute.instance SET name = :name, version = version + 1 WHERE id = :id")
        .param("name", name == null || name.isEmpty() ? null : name, Types.VARCHAR)
        .param("id", id)
        .update();
  }

  /// Another size, which the next start has, under its own name.
  @Transactional(propagation = Propagation.MANDATORY)
  public void resize(String id, InstanceType type) {
    database
        .sql(
            "UPDATE compute.instance SET instance_type = ?, vcpu = ?, memory_mib = ?,"
                + " baseline_percent = ?, version = version + 1 WHERE id = ?")
        .params(type.name(), type.vcpu(), type.memoryMib(), type.baselinePercent(), id)
        .update();
    database
        .sql(
            "UPDATE compute.instance_option SET type_asked = NULL"
                + " WHERE instance_id = ? AND type_asked IS NOT NULL")
        .param(id)
        .update();
  }

  /// Whether a request may terminate them.
  @Transactional(propagation = Propagation.MANDATORY)
  public void protect(List<String> ids, boolean isProtected) {
    database
        .sql(
            "UPDATE compute.instance SET termination_protected = ?, version = version + 1"
                + " WHERE id = ANY (?)")
        .params(isProtected, ids.toArray(String[]::new))
        .update();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void userData(String id, byte @Nullable [] content) {
    database
        .sql("UPDATE compute.instance SET user_data = :content WHERE id = :id")
        .param("content", content, Types.BINARY)
        .param("id", id)
        .update();
  }

  public byte @Nullable [] userData(String id) {
    return database
        .sql("SELECT user_data FROM compute.instance WHERE id = ?")
        .param(id)
        .query((row, number) -> Optional.ofNullable(row.getBytes(1)))
        .single()
        .orElse(null);
  }

  /// Tags of an account's instances in a region that have not ended long ago, with those that EC2
  /// gives to what is launched from a template.
  public List<TagStore.Tagged> tags(Scope scope) {
    return database
        .sql(
            """
            SELECT t.instance_id, t.key, t.value FROM compute.instance_tag t
            JOIN compute.instance i ON i.id = t.instance_id
            WHERE i.account_id = :account AND i.region = :region AND i.intent <> 'TERMINATE'
            UNION ALL
            SELECT i.id, 'Name', i.name FROM compute.instance i
            WHERE i.account_id = :account AND i.region = :region AND i.intent <> 'TERMINATE'
              AND i.name IS NOT NULL AND NOT EXISTS (
                SELECT FROM compute.instance_tag t WHERE t.instance_id = i.id AND t.key = 'Name')
            UNION ALL
            SELECT i.id, given.key, given.value FROM compute.instance_option o
            JOIN compute.instance i ON i.id = o.instance_id
            CROSS JOIN LATERAL (VALUES
              ('aws:ec2launchtemplate:id', o.launch_template_id),
              ('aws:ec2launchtemplate:version', o.launch_template_version)) AS given (key, value)
            WHERE i.account_id = :account AND i.region = :region AND i.intent <> 'TERMINATE'
              AND given.value IS NOT NULL
            LIMIT 100000
            """)
        .param("account", scope.accountId())
        .param("region", scope.region())
        .query((row, number) ->
            new TagStore.Tagged(row.getString(1), row.getString(2), row.getString(3)))
        .list();
  }
}
