package brume.compute.resource;

import brume.compute.table.RecordTable;
import brume.compute.tag.TagStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The table of one kind of thing, looked at through one [Scope] at a time. Tags come and go with
/// the thing.
public final class OwnedTable<T extends Record & Resource> {
  private static final String IN_SCOPE = "account_id = ? AND region = ?";

  private final RecordTable<T> rows;
  private final TagStore tags;
  private final ResourceKind kind;

  /// Makes them.
  @Component
  public static class Factory {
    private final JdbcClient database;
    private final JsonMapper json;
    private final TagStore tags;

    Factory(JdbcClient database, JsonMapper json, TagStore tags) {
      this.database = database;
      this.json = json;
      this.tags = tags;
    }

    public <T extends Record & Resource> OwnedTable<T> table(
        String name, Class<T> type, ResourceKind kind) {
      return new OwnedTable<>(new RecordTable<>(database, json, name, type), tags, kind);
    }
  }

  private OwnedTable(RecordTable<T> rows, TagStore tags, ResourceKind kind) {
    this.rows = rows;
    this.tags = tags;
    this.kind = kind;
  }

  public ResourceKind kind() {
    return kind;
  }

  /// In the order of their ids, which is that of their making.
  public List<T> all(Scope scope) {
    return where(scope, "true");
  }

  /// @param condition with a `?` for each parameter
  public List<T> where(Scope scope, String condition, Object... parameters) {
    return rows.list(IN_SCOPE + " AND (" + condition + ") ORDER BY id", with(scope, parameters));
  }

  /// Those that hang on some things, in the order of their ids.
  ///
  /// @param column what they hang by; it has an index
  public List<T> of(Scope scope, String column, String[] ids) {
    return rows.listEach(column, ids, IN_SCOPE + " ORDER BY id", with(scope));
  }

  /// Some of a list, in the order of ids.
  ///
  /// @param ids the only ones that are wanted; empty for any
  /// @param after the id that it begins behind; null for its beginning
  /// @param condition without parameters
  public List<T> some(
      Scope scope, List<String> ids, @Nullable String after, int most, String condition) {
    List<Object> parameters = new ArrayList<>();
    StringBuilder where = new StringBuilder(IN_SCOPE);
    if (!ids.isEmpty()) {
      where.append(" AND id = ANY (?)");
      parameters.add(ids.toArray(String[]::new));
    }
    if (after != null) {
      where.append(" AND id > ?");
      parameters.add(after);
    }
    where.append(" AND (").append(condition).append(") ORDER BY id LIMIT ").append(most);
    return rows.list(where.toString(), with(scope, parameters.toArray()));
  }

  public Optional<T> find(Scope scope, String id) {
    return rows.find("id = ? AND " + IN_SCOPE, id, scope.accountId(), scope.region());
  }

  /// Refuses an id that can't be one, and one that finds nothing.
  public T require(Scope scope, String id) {
    return find(scope, kind.checked(id)).orElseThrow(() -> kind.unknown(id));
  }

  public int count(Scope scope) {
    return rows.count(IN_SCOPE, scope.accountId(), scope.region());
  }

  /// One that another account shares, by a column with a list of accounts or `all`.
  public Optional<T> shared(Scope scope, String id, String column) {
    return rows.find(
        "id = ? AND region = ? AND jsonb_exists_any(" + column + ", ARRAY['all', ?])",
        id,
        scope.region(),
        scope.accountId());
  }

  public List<T> allShared(Scope scope, String column) {
    return rows.list(
        "account_id <> ? AND region = ? AND jsonb_exists_any("
            + column
            + ", ARRAY['all', ?])"
            + " ORDER BY id LIMIT 1000",
        scope.accountId(),
        scope.region(),
        scope.accountId());
  }

  public List<Tagged<T>> tagged(Scope scope) {
    return tagged(scope, all(scope));
  }

  public List<Tagged<T>> tagged(Scope scope, List<T> things) {
    Map<String, Map<String, String>> found =
        tags.of(scope.accountId(), things.stream().map(Resource::id).toList());
    return things.stream()
        .map(thing -> new Tagged<>(thing, found.getOrDefault(thing.id(), Map.of())))
        .toList();
  }

  public Tagged<T> insert(T thing, Map<String, String> tagged) {
    rows.insert(thing);
    tags.put(thing.accountId(), thing.region(), thing.id(), tagged);
    return new Tagged<>(thing, tagged);
  }

  /// Several of one scope, in two statements.
  public void insertAll(Scope scope, List<Tagged<T>> things) {
    rows.insertAll(things.stream().map(Tagged::row).toList());
    Map<String, Map<String, String>> tagged = new TreeMap<>();
    things.forEach(thing -> tagged.put(thing.row().id(), thing.tags()));
    tags.putOnNew(scope.accountId(), scope.region(), tagged);
  }

  /// @param unique a column of which each value is there once
  /// @return those of which no other has the value already
  public List<T> insertAllUnlessTaken(List<T> things, String unique) {
    Set<String> inserted = rows.insertAllUnlessTaken(things, unique);
    return things.stream().filter(thing -> inserted.contains(thing.id())).toList();
  }

  public void tag(T thing, Map<String, String> tagged) {
    tags.put(thing.accountId(), thing.region(), thing.id(), tagged);
  }

  public void update(T thing) {
    rows.update(thing);
  }

  public void delete(T thing) {
    tags.removeAll(thing.accountId(), thing.id());
    rows.delete("id = ? AND " + IN_SCOPE, thing.id(), thing.accountId(), thing.region());
  }

  private static Object[] with(Scope scope, Object... parameters) {
    List<Object> all = new ArrayList<>(List.of(scope.accountId(), scope.region()));
    all.addAll(Arrays.asList(parameters));
    return all.toArray();
  }
}
