package brume.db;

import brume.db.EmbeddedPostgres.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/// A new, migrated database for a test, with the services' real roles. All databases of one JVM
/// live on one server: a container where a Docker engine answers and has the image, else the
/// embedded one.
public final class TestDatabase {
  /// Of each service's role.
  public static final String PASSWORD = "test";

  private static final String IMAGE = "postgres:18";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String url;

  private TestDatabase(String url) {
    this.url = url;
  }

  /// Copies the migrated template: about 100 ms.
  public static TestDatabase fresh() {
    Server server = Server.ONLY;
    String name = "test_" + COUNT.incrementAndGet();
    try (Connection connection =
            DriverManager.getConnection(server.url("postgres"), server.user, server.password);
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
    Migrations.apply(url, Server.ONLY.user, Server.ONLY.password, PASSWORD);
  }

  public DataSource dataSource(ServiceRole role) {
    return dataSource(role.roleName(), PASSWORD);
  }

  /// May do everything: for putting what other services would have written.
  public DataSource ownerDataSource() {
    return dataSource(Server.ONLY.user, Server.ONLY.password);
  }

  private DataSource dataSource(String user, String password) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setUser(user);
    source.setPassword(password);
    return source;
  }

  private static final class Server {
    static final Server ONLY = start();
    private final String prefix;
    private final String user;
    private final String password;

    private Server(String prefix, String user, String password) {
      this.prefix = prefix;
      this.user = user;
      this.password = password;
    }

    String url(String database) {
      return prefix + database;
    }

    private static Server start() {
      Server server = dockerHasImage() ? inContainer() : embedded();
      try (Connection connection =
              DriverManager.getConnection(server.url("postgres"), server.user, server.password);
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE brume_template");
      } catch (SQLException e) {
        throw new IllegalStateException("no template database", e);
      }
      Migrations.apply(server.url("brume_template"), server.user, server.password, PASSWORD);
      return server;
    }

    /// Asked before anything is started: a pull that can't succeed would take minutes.
    private static boolean dockerHasImage() {
      if (System.getenv("DOCKER_HOST") == null && !Files.exists(Path.of("/var/run/docker.sock"))) {
        return false;
      }
      if (!DockerClientFactory.instance().isDockerAvailable()) {
        return false;
      }
      try {
        DockerClientFactory.lazyClient().inspectImageCmd(IMAGE).exec();
        return true;
      } catch (RuntimeException e) {
        return false;
      }
    }

    private static Server inContainer() {
      PostgreSQLContainer container = new PostgreSQLContainer(DockerImageName.parse(IMAGE));
      container.start();
      Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
      String prefix =
          "jdbc:postgresql://" + container.getHost() + ":" + container.getMappedPort(5432) + "/";
      return new Server(prefix, container.getUsername(), container.getPassword());
    }

    private static Server embedded() {
      try {
        Path folder = Files.createTempDirectory("brume-test-postgres");
        Files.setPosixFilePermissions(
            folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        EmbeddedPostgres postgres =
            EmbeddedPostgres.start(folder, BrumeCache.folder(), Durability.LOST_ON_CRASH);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(postgres, folder)));
        return new Server(
            postgres.url("x").replaceFirst("x$", ""), EmbeddedPostgres.OWNER, postgres.password());
      } catch (IOException e) {
        throw new IllegalStateException("no folder for the test database", e);
      }
    }

    private static void remove(EmbeddedPostgres postgres, Path folder) {
      postgres.close();
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      } catch (IOException e) {
        System.err.println("left behind: " + folder + ": " + e.getMessage());
      }
    }
  }
}
