package brume.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings a database to the newest schema: makes the services' roles, then runs what is new in
/// `db/migrations`. Idempotent; several may run at once.
public final class Migrations {
  /// Below this WITHOUT OVERLAPS does not exist, and with it the guard against billing twice.
  private static final int SERVER_VERSION_LEAST = 18;

  private Migrations() {}

  /// Throws [DatabaseFailure], with what to do, when the server is too old or the user may not make
  /// roles and schemas.
  ///
  /// @param user owns the schemas; needs CREATEROLE and CREATE on the database
  /// @param servicePassword given to each of the services' roles
  public static void apply(String url, String user, String password, String servicePassword) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    try (Connection connection = DriverManager.getConnection(url, properties)) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < SERVER_VERSION_LEAST) {
        throw new DatabaseFailure(
            "the database is PostgreSQL "
                + version
                + "; Brume needs "
                + SERVER_VERSION_LEAST
                + " or newer: upgrade it, or leave out --database to use the embedded one");
      }
      makeRoles(connection, servicePassword);
    } catch (SQLException e) {
      throw new DatabaseFailure(
          "the database at "
              + url
              + " could not be prepared as user "
              + user
              + ": "
              + e.getMessage()
              + " (is it up, and may the user create roles and schemas?)",
          e);
    }
    try {
      Flyway.configure()
          .loggers(MigrationLog.class.getName())
          .dataSource(url, user, password)
          .locations("classpath:db/migrations")
          .defaultSchema("public")
          .table("schema_history")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new DatabaseFailure(
          "the database at " + url + " could not be migrated: " + e.getMessage(), e);
    }
  }

  private static void makeRoles(Connection connection, String password) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      // Roles belong to the cluster: two databases that start at once would race for them.
      statement.execute("SELECT pg_advisory_xact_lock(7266901523)");
      for (ServiceRole role : ServiceRole.values()) {
        boolean exists;
        try (ResultSet found =
            statement.executeQuery(
                "SELECT 1 FROM pg_roles WHERE rolname = '" + role.roleName() + "'")) {
          exists = found.next();
        }
        String verb = exists ? "ALTER" : "CREATE";
        statement.execute(
            verb
                + " ROLE "
                + role.roleName()
                + " LOGIN PASSWORD '"
                + password.replace("'", "''")
                + "'");
      }
    }
    connection.commit();
  }
}
