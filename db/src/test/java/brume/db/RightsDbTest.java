package brume.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each role against each schema: a service that reaches over the line is stopped by the database.
class RightsDbTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();

  @Test
  void noRoleHasAnyRightOnATableOfAnotherSchema() throws SQLException {
    List<String> breaches = new ArrayList<>();
    try (Connection connection = DATABASE.ownerDataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT r.rolname, n.nspname, c.relname, c.relkind, p.privilege
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                CROSS JOIN pg_roles r
                CROSS JOIN (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p(privilege)
                WHERE n.nspname IN ('compute', 'scheduling', 'billing') AND c.relkind IN ('r', 'p', 'v')
                  AND r.rolname IN ('brume_compute', 'brume_scheduling', 'brume_billing')
                  AND r.rolname <> 'brume_' || n.nspname
                  AND has_table_privilege(r.rolname, c.oid, p.privilege)
                """)) {
      while (rows.next()) {
        boolean publishedView =
            rows.getString("relkind").equals("v") && rows.getString("privilege").equals("SELECT");
        if (!publishedView) {
          breaches.add(String.join(" ", rows.getString(1), rows.getString(5), rows.getString(3)));
        }
      }
    }
    assertThat(breaches).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SCHEDULING | UPDATE compute.instance SET intent = 'STOP'
          SCHEDULING | SELECT digest FROM compute.api_token
          BILLING    | DELETE FROM scheduling.transition
          BILLING    | SELECT secret_digest FROM scheduling.node
          COMPUTE    | INSERT INTO billing.meter_cursor (log, seq) VALUES ('x', 1)
          COMPUTE    | UPDATE scheduling.node SET draining = true
          COMPUTE    | CREATE TABLE public.mine (x int)
          SCHEDULING | UPDATE scheduling.transition SET seq = 1
          BILLING    | UPDATE billing.usage SET sku = 'e1.nano'
          COMPUTE    | DELETE FROM compute.intent_change
          """)
  void crossingTheLineIsPermissionDenied(ServiceRole role, String sql) throws SQLException {
    try (Connection connection = DATABASE.dataSource(role).getConnection();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.execute(sql)).hasMessageContaining("permission denied");
    }
  }

  @Test
  void migratingAgainKeepsWhatIsThere() throws SQLException {
    TestDatabase database = TestDatabase.fresh();
    try (Connection connection = database.dataSource(ServiceRole.COMPUTE).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO compute.account VALUES ('000000000001', 'a', 1, 1, 1, now())");
    }
    database.migrateAgain();
    try (Connection connection = database.dataSource(ServiceRole.COMPUTE).getConnection();
        Statement statement = connection.createStatement();
        ResultSet accounts = statement.executeQuery("SELECT name FROM compute.account")) {
      assertThat(accounts.next()).isTrue();
      assertThat(accounts.getString(1)).isEqualTo("a");
    }
  }
}
