package brume.compute.instance;

import brume.compute.resource.Scope;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
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

  private static final Pattern WILDCARD = Pattern.compile("(?<!\\\\)(\\\\\\\\)*[%_]");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)", Pattern.DOTALL);

  /// Those that ended within the hour, by themselves and in the order of the index that has them: a
  /// plan for any hour takes them for a third of all and would rather go through all.
  private static final String ENDED =
      """
      WITH ended AS MATERIALIZED (
        SELECT * FROM compute.instance
        WHERE account_id = :account AND region = :region AND terminated_at > :forgotten
        ORDER BY terminated_at)
      """;

  /// With an order and a limit for the same reason.
  private static final String ANY_ENDED =
      """
      SELECT EXISTS (SELECT FROM (SELECT FROM compute.instance
        WHERE account_id = :account AND region = :region AND terminated_at > :forgotten
        ORDER BY terminated_at LIMIT 1) AS first)
      """;

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
      List<String> values = values(condition.patterns());
      int patterns = condition.patterns().size();
      where
          .append(" AND ")
          .append(
              condition
                  .expression()
                  .replace("{match}", match(values, patterns, "p" + i))
                  .replace("{tag}", ":t" + i));
      if (condition.tag() != null) {
        parameters.put("t" + i, condition.tag());
      }
      parameters.put(
          "p" + i,
          values.size() == 1 && patterns == 1
              ? values.getFirst()
              : (values.size() < patterns ? condition.patterns() : values).toArray(String[]::new));
    }
    // Two lists in order and not one condition with OR, so that each has an index that is in order;
    // and two statements, as the list of those that live has one plan for all accounts, which the
    // database keeps, and both together have none: to make one took longer than to follow it.
    boolean[] ended = {true}; // not known where nothing lives
    Map<String, Instance> found = new TreeMap<>();
    String live =
        "SELECT *, ("
            + ANY_ENDED
            + ") AS any_ended FROM ("
            + branch("compute.instance", where + " AND i.terminated_at IS NULL", most)
            + ") AS page ORDER BY id";
    database
        .sql(live)
        .params(parameters)
        .query(row -> {
          ended[0] = row.getBoolean("any_ended");
          Instance instance = rows.mapRow(row, 0);
          found.put(instance.id(), instance);
        });
    if (ended[0]) {
      // After the others: one that ends meanwhile is in both lists, and this one knows it better.
      database
          .sql(ENDED + branch("ended", where.toString(), most))
          .params(parameters)
          .query(row -> {
            Instance instance = rows.mapRow(row, 0);
            found.put(instance.id(), instance);
          });
    }
    return found.values().stream().limit(most).toList();
  }

  private static String match(List<String> values, int patterns, String parameter) {
    if (values.size() < patterns) {
      return "LIKE ANY (:" + parameter + ")";
    }
    return patterns == 1 ? "= :" + parameter : "= ANY (:" + parameter + ")";
  }

  /// What patterns say that each match one value, which an index may find.
  private static List<String> values(List<String> patterns) {
    List<String> values = new ArrayList<>();
    for (String pattern : patterns) {
      if (!WILDCARD.matcher(pattern).find()) {
        values.add(ESCAPED.matcher(pattern).replaceAll("$1"));
      }
    }
    return values;
  }

  private static String branch(String from, String where, int most) {
    return InstanceRows.SELECT.replace(
            "FROM compute.instance i",
            "FROM " + from + " i LEFT JOIN compute.instance_option o ON o.instance_id = i.id")
        + " WHERE "
        + where
        + " ORDER BY i.id LIMIT "
        + most;
  }

  public boolean isForgotten(Instance instance) {
    Instant ended = instance.terminatedAt();
    return ended != null && ended.isBefore(clock.instant().minus(ENDED_VISIBLE));
  }
}
