package brume.compute.tag;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Tags of everything but instances, by the id of what they are on.
@Component
public class TagStore {
  /// A tag, and what it is on.
  public record Tagged(String resourceId, String key, String value) {}

  private final JdbcClient database;

  TagStore(JdbcClient database) {
    this.database = database;
  }

  /// Sets each, and leaves the others as they are.
  @Transactional(propagation = Propagation.MANDATORY)
  public void put(String accountId, String region, String resourceId, Map<String, String> tags) {
    if (tags.isEmpty()) {
      return;
    }
    Tags.check(tags);
    tags.forEach((key, value) ->
        database
            .sql(
                "INSERT INTO compute.resource_tag (account_id, region, resource_id, key, value)"
                    + " VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT (resource_id, account_id, key) DO UPDATE SET value = excluded.value")
            .params(accountId, region, resourceId, key, value)
            .update());
    Tags.checkCount(of(accountId, resourceId).size());
  }

  /// The tags of things that have none yet, as they were made in this transaction.
  ///
  /// @param tagged by the id of what they are on
  @Transactional(propagation = Propagation.MANDATORY)
  public void putOnNew(String accountId, String region, Map<String, Map<String, String>> tagged) {
    List<Tagged> all = new ArrayList<>();
    tagged.forEach((id, tags) -> {
      Tags.check(tags);
      tags.forEach((key, value) -> all.add(new Tagged(id, key, value)));
    });
    if (all.isEmpty()) {
      return;
    }
    database
        .sql(
            "INSERT INTO compute.resource_tag (account_id, region, resource_id, key, value)"
                + " SELECT :account, :region, * FROM unnest(:ids, :keys, :values)")
        .param("account", accountId)
        .param("region", region)
        .param("ids", all.stream().map(Tagged::resourceId).toArray(String[]::new))
        .param("keys", all.stream().map(Tagged::key).toArray(String[]::new))
        .param("values", all.stream().map(Tagged::value).toArray(String[]::new))
        .update();
  }

  /// @param value only where it has this value; null for whatever value
  @Transactional(propagation = Propagation.MANDATORY)
  public void remove(String accountId, String resourceId, String key, @Nullable String value) {
    database
        .sql(
            "DELETE FROM compute.resource_tag WHERE account_id = :account AND resource_id = :id"
                + " AND key = :key AND (:any OR value = :value)")
        .param("account", accountId)
        .param("id", resourceId)
        .param("key", key)
        .param("any", value == null)
        .param("value", value == null ? "" : value)
        .update();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void removeAll(String accountId, String resourceId) {
    database
        .sql("DELETE FROM compute.resource_tag WHERE account_id = ? AND resource_id = ?")
        .params(accountId, resourceId)
        .update();
  }

  public Map<String, String> of(String accountId, String resourceId) {
    return of(accountId, List.of(resourceId)).getOrDefault(resourceId, Map.of());
  }

  /// By the id of what they are on; what has none is not in it.
  public Map<String, Map<String, String>> of(String accountId, Collection<String> resourceIds) {
    if (resourceIds.isEmpty()) {
      return Map.of();
    }
    Map<String, Map<String, String>> all = new HashMap<>();
    database
        .sql(
            "SELECT resource_id, key, value FROM compute.resource_tag"
                + " WHERE account_id = ? AND resource_id = ANY (?)")
        .params(accountId, resourceIds.toArray(String[]::new))
        .query(row -> {
          all.computeIfAbsent(row.getString(1), id -> new TreeMap<>())
              .put(row.getString(2), row.getString(3));
        });
    return all;
  }

  public List<Tagged> all(String accountId, String region) {
    return database
        .sql(
            "SELECT resource_id, key, value FROM compute.resource_tag"
                + " WHERE account_id = ? AND region = ? ORDER BY resource_id, key")
        .params(accountId, region)
        .query((row, number) -> new Tagged(row.getString(1), row.getString(2), row.getString(3)))
        .list();
  }
}
