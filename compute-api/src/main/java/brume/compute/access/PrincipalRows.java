package brume.compute.access;

import brume.compute.refusal.Refused;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// How a [Principal] is read, of either kind of credential: with all that binds it, in one look.
public final class PrincipalRows {
  private static final String COLUMNS =
      """
      c.id, c.account_id, c.user_id, c.role, u.role AS user_role, c.scopes, c.expires_at,
      a.suspended_at IS NOT NULL AS suspended, a.requests_per_second_max,
      (SELECT jsonb_agg(jsonb_build_object('name', p.name, 'effect', upper(p.effect),
          'actions', string_to_array(p.actions, ' '), 'types', string_to_array(p.types, ' '),
          'tags', p.tags))::text
        FROM compute.policy p WHERE p.account_id = a.id) AS policies
      """;

  private static final String JOINS =
      """
       c JOIN compute.account a ON a.id = c.account_id
         LEFT JOIN compute.account_user u ON u.id = c.user_id
       WHERE u.removed_at IS NULL
         AND\s
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<List<Policy>> POLICIES = new TypeReference<>() {};

  private PrincipalRows() {}

  /// @param columns of the table besides those that every credential has
  /// @param condition what finds the credential, which is called `c`
  public static String select(String columns, String table, String condition) {
    return "SELECT " + columns + ", " + COLUMNS + " FROM " + table + JOINS + condition;
  }

  /// That a column has one of some values, by one parameter that the planner does not look into: it
  /// would make a plan of its own for each number of values, at each request.
  public static String oneOf(String column, String type) {
    return column + " = ANY (ARRAY(SELECT unnest(?::" + type + "[])))";
  }

  public static Principal principal(ResultSet row, Principal.Source source, boolean cloudOperator)
      throws SQLException {
    Role role = Role.of(row.getString("role"));
    String user = row.getString("user_role");
    return new Principal(
        row.getString("id"),
        source,
        row.getString("account_id"),
        row.getString("user_id"),
        user == null ? role : role.orLess(Role.of(user)),
        cloudOperator,
        scopes(row.getString("scopes")),
        new AccountRules(
            row.getBoolean("suspended"),
            row.getInt("requests_per_second_max"),
            policies(row.getString("policies"))));
  }

  private static List<Policy> policies(@Nullable String json) {
    return json == null ? List.of() : JSON.readValue(json, POLICIES);
  }

  /// Throws a refusal where the credential's time is over.
  public static void requireValid(String what, @Nullable Instant expiresAt, Instant now) {
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw Refused.unauthenticated("this " + what + " expired at " + expiresAt);
    }
  }

  public static List<String> scopes(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
