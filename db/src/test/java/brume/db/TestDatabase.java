package brume.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A new, migrated database for a test, with the services' real roles. All databases of one JVM
/// live on one [TestServer].
public final class TestDatabase {
  /// Of each service's role.
  public static final String PASSWORD = "test";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String url;

  private TestDatabase(String url) {
    this.url = url;
  }

  /// Copies the migrated template: about 100 ms.
  public static TestDatabase fresh() {
    TestServer server = Server.ONLY;
    String name = "test_" + COUNT.incrementAndGet();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE brume_template");
    } catch (SQLException e) {
      throw new IllegalStateException("no fresh database", e);
    }
    return new TestDatabase(server.url(name));
  }

  /// Without a user: for `spring.datasource.url`.
  public String url() {
    return url;
  }

  void migrateAgain() {
    Migrations.apply(url, Server.ONLY.user(), Server.ONLY.password(), PASSWORD);
  }

  public DataSource dataSource(ServiceRole role) {
    return dataSource(role.roleName(), PASSWORD);
  }

  /// May do everything: for putting what other services would have written.
  public DataSource ownerDataSource() {
    return dataSource(Server.ONLY.user(), Server.ONLY.password());
  }

  private DataSource dataSource(String user, String password) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser(user);
    source.setPassword(password);
    return source;
  }

  private static final class Server {
    static final TestServer ONLY = TestServer.start();

    static {
      try (Connection connection = ONLY.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE brume_template");
      } catch (SQLException e) {
        throw new IllegalStateException("no template database", e);
      }
      Migrations.apply(ONLY.url("brume_template"), ONLY.user(), ONLY.password(), PASSWORD);
    }
  }
}
