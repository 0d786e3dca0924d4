package brume.compute.instance;

import brume.compute.resource.Scope;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Instances of an account in a region by many conditions, in the order of their launch. One that
/// ended is found for an hour after its end.
@Component
public class InstanceSearch {
  public static final Duration ENDED_VISIBLE = Duration.ofHours(1);

  /// One condition: an SQL expression over `i` (the instance), `o` (its options), `f` (its fact)
  /// and `m` (its image) with `{match}` where the comparison stands, and what it may match.
  ///
  /// @param patterns of LIKE
  /// @param tag whose value is looked at, as `{tag}`; null for none
  public record Condition(String expression, List<String> patterns, @Nullable String tag) {
    public Condition(String expression, List<String> patterns) {
      this(expression, patterns, null);
    }

    public static Condition ofTag(String key, List<String> patterns) {
      String tagged =
          "EXISTS (SELECT FROM compute.instance_tag t WHERE t.instance_id = i.id"
              + " AND t.key = {tag} AND t.value {match})";
      // Without an OR the database may begin with the tag.
      return new Condition(
          key.equals("Name") ? "(" + tagged + " OR i.name {match})" : tagged, patterns, key);
    }
  }

  /// The state as text, of `i` and `f`.
  public static final String STATE = InstanceRows.STATE;

  private static final String LIVE = "i.terminated_at IS NULL";
  private static final String ENDED = "i.terminated_at > :forgotten";

  private final JdbcClient database;
  private final InstanceRows rows;
  private final Clock clock;

  InstanceSearch(JdbcClient database, JsonMapper json, Clock clock) {
    this.database = database;
    this.rows = new InstanceRows(json);
    this.clock = clock;
  }

  /// @param ids null for all
  /// @param after the id that the list begins behind; null for its beginning
  public List<Instance> find(
      Scope scope,
      @Nullable List<String> ids,
      List<Condition> conditions,
      @Nullable String after,
      int most) {
    StringBuilder where = new StringBuilder("i.account_id = :account AND i.region = :region");
    Map<String, Object> parameters = new TreeMap<>();
    parameters.put("account", scope.accountId());
    parameters.put("region", scope.region());
    parameters.put("forgotten", Timestamp.from(clock.instant().minus(ENDED_VISIBLE)));
    if (after != null) {
      where.append(" AND i.id > :after");
      parameters.put("after", after);
    }
    if (ids != null) {
      where.append(" AND i.id = ANY (:ids)");
      parameters.put("ids", ids.toArray(String[]::new));
    }
    for (int i = 0; i < conditions.size(); i++) {
      Condition condition = conditions.get(i);
      where
          .append(" AND ")
          .append(
              condition
                  .expression()
                  .replace("{match}", "LIKE ANY (:p" + i + ")")
                  .replace("{tag}", ":t" + i));
      if (condition.tag() != null) {
        parameters.put("t" + i, condition.tag());
      }
      parameters.put("p" + i, condition.patterns().toArray(String[]::new));
    }
    // Two lists in order and not one condition with OR, so that each has an index that is in order.
    String sql =
        "SELECT * FROM (("
            + branch(where, LIVE, most)
            + ") UNION ALL ("
            + branch(where, ENDED, most)
            + ")) AS page ORDER BY id LIMIT "
            + most; // no parameter: see InstanceStore.list
    return database.sql(sql).params(parameters).query(rows).list();
  }

  private static String branch(CharSequence where, String state, int most) {
    return InstanceRows.SELECT.replace("FROM compute.instance i", OPTION)
        + " WHERE "
        + where
        + " AND "
        + state
        + " ORDER BY i.id LIMIT "
        + most;
  }

  private static final String OPTION =
      "FROM compute.instance i LEFT JOIN compute.instance_option o ON o.instance_id = i.id";

  /// The place of each in its launch, from 0.
  public Map<String, Integer> launchIndexes(List<Instance> instances) {
    Map<String, Integer> indexes = new TreeMap<>();
    database
        .sql("SELECT id, launch_index FROM compute.instance WHERE id = ANY (?)")
        .param(instances.stream().map(Instance::id).toArray(String[]::new))
        .query(row -> {
          indexes.put(row.getString(1), row.getInt(2));
        });
    return indexes;
  }

  public boolean isForgotten(Instance instance) {
    Instant ended = instance.terminatedAt();
    return ended != null && ended.isBefore(clock.instant().minus(ENDED_VISIBLE));
  }
}
