package brume.db;

import brume.contract.CacheFolder;
import brume.db.EmbeddedPostgres.Durability;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/// The PostgreSQL server of one test JVM: a container where a Docker engine answers and has the
/// images, else the embedded one. It ends with the JVM, also when that is killed: the container by
/// Testcontainers' reaper, the embedded server by [Leash].
///
/// @param prefix a JDBC address up to the database's name
record TestServer(String prefix, String user, String password) {
  private static final String IMAGE = "postgres:18";

  /// What this version of Testcontainers runs to remove the containers of a JVM that has ended.
  static final String REAPER = "testcontainers/ryuk:0.14.0";

  static TestServer start() {
    Optional<String> missing = missingForContainer();
    if (missing.isEmpty()) {
      return inContainer();
    }
    if (!missing.get().isEmpty()) {
      System.out.println("Tests use the embedded PostgreSQL: " + missing.get());
    }
    return embedded();
  }

  String url(String database) {
    return prefix + database;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url("postgres"), user, password);
  }

  /// Why there can be no container; empty text where nobody would expect one. Asked before
  /// Testcontainers starts anything: it would pull what is missing, and a pull that can't succeed
  /// takes minutes.
  private static Optional<String> missingForContainer() {
    if (System.getenv("DOCKER_HOST") == null && !Files.exists(Path.of("/var/run/docker.sock"))) {
      return Optional.of("");
    }
    DockerClient docker;
    try {
      docker =
          DockerClientProviderStrategy.getFirstValidStrategy(
                  ServiceLoader.load(DockerClientProviderStrategy.class).stream()
                      .map(ServiceLoader.Provider::get)
                      .toList())
              .getDockerClient();
    } catch (IllegalStateException e) {
      return Optional.of("no Docker engine answers");
    }
    return images().filter(image -> !has(docker, image)).findFirst().map(TestServer::lacks);
  }

  private static String lacks(String image) {
    return "Docker lacks the image " + image + " ('docker pull " + image + "' gets it)";
  }

  private static Stream<String> images() {
    boolean reaped = !Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"));
    return reaped ? Stream.of(IMAGE, REAPER) : Stream.of(IMAGE);
  }

  private static boolean has(DockerClient docker, String image) {
    try {
      docker.inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static TestServer inContainer() {
    PostgreSQLContainer container = new PostgreSQLContainer(DockerImageName.parse(IMAGE));
    container.start();
    return new TestServer(
        "jdbc:postgresql://" + container.getHost() + ":" + container.getMappedPort(5432) + "/",
        container.getUsername(),
        container.getPassword());
  }

  private static TestServer embedded() {
    try {
      Path folder = Files.createTempDirectory("brume-test-postgres");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Leash.tie(folder);
      EmbeddedPostgres postgres =
          EmbeddedPostgres.start(folder, CacheFolder.of(System.getenv()), Durability.LOST_ON_CRASH);
      return new TestServer(postgres.url(""), EmbeddedPostgres.OWNER, postgres.password());
    } catch (IOException e) {
      throw new IllegalStateException("no folder for the test database", e);
    }
  }

  /// A shell that waits for its input to end, which it does with this JVM, however that ends; then
  /// it stops the server and removes its folder. A shutdown hook did not do: a JVM that is killed
  /// or halted runs none, and a build that is interrupted halts its test JVMs.
  private static final class Leash {
    private static final String SCRIPT =
        """
        trap '' INT TERM HUP
        read -r nothing
        pid=$(head -n 1 "$0/data/postmaster.pid")
        case $pid in
          '' | *[!0-9]*) ;;
          *)
            kill -QUIT "$pid"
            tries=0
            while kill -0 "$pid" && [ $tries -lt 100 ]; do
              tries=$((tries + 1))
              sleep 0.1
            done
            ;;
        esac
        rm -rf "$0"
        """;

    /// Kept, as a process that is garbage would lose its input.
    private static final Queue<Process> HELD = new ConcurrentLinkedQueue<>();

    static void tie(Path folder) throws IOException {
      HELD.add(
          new ProcessBuilder(List.of("sh", "-c", SCRIPT, folder.toString()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
  }
}
