package brume.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server of our own, on loopback, with its data in one folder. The folder holds
/// `data`, `password` (of the owner, 0600) and `server.log`.
///
/// PostgreSQL refuses to run as root; there it runs as the user 65534. A server that a killed
/// process left behind is found by its pid file and used again.
public final class EmbeddedPostgres implements AutoCloseable {
  public static final String OWNER = "brume_owner";
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Path SYSTEM_CACHE = Path.of("/var/cache/brume");
  private static final String UNPRIVILEGED = "65534";
  private static final int COMMAND_SECONDS_MAX = 60;

  /// How much a commit means: tests trade it for speed, nothing else may.
  public enum Durability {
    DURABLE,
    LOST_ON_CRASH;

    private List<String> options() {
      return switch (this) {
        case DURABLE -> List.of();
        // The many databases of a test's JVM share one server; the last of alike options holds.
        case LOST_ON_CRASH ->
            List.of(
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "max_connections=300");
      };
    }
  }

  private final Path folder;
  private final Path binaries;
  private final boolean root;
  private final String password;
  private int port;

  private EmbeddedPostgres(Path folder, Path binaries, boolean root, String password) {
    this.folder = folder;
    this.binaries = binaries;
    this.root = root;
    this.password = password;
  }

  /// Starts the server of `folder`, making it first when it is new.
  ///
  /// @param cache where PostgreSQL's programs are unpacked, once for all folders
  public static EmbeddedPostgres start(Path folder, Path cache, Durability durability) {
    try {
      Path home = Files.createDirectories(folder.toAbsolutePath());
      boolean root = "root".equals(System.getProperty("user.name"));
      Path own = Files.createDirectories(cache.toAbsolutePath());
      // PostgreSQL's programs ask for their own path with the rights of the user they run as, which
      // has no way into root's home.
      Path binaries = PostgresBinaries.unpack(root && !reachable(own) ? SYSTEM_CACHE : own);
      EmbeddedPostgres server =
          new EmbeddedPostgres(home, binaries, root, passwordIn(home.resolve("password")));
      if (!Files.exists(home.resolve("data/PG_VERSION"))) {
        server.initialize();
      }
      server.launch(durability);
      return server;
    } catch (IOException e) {
      throw new DatabaseFailure(
          "the embedded PostgreSQL in " + folder + " could not be started: " + e.getMessage(), e);
    }
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /// Of the role [#OWNER], a superuser of this server.
  public String password() {
    return password;
  }

  /// Stops the server in good order: sessions are ended, everything is on disk.
  @Override
  public void close() {
    run("stop", List.of("pg_ctl", "-D", data(), "-m", "fast", "-w", "-t", "20", "stop"));
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private static String passwordIn(Path file) throws IOException {
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, password);
    return password;
  }

  private void initialize() throws IOException {
    Path data = folder.resolve("data");
    if (Files.exists(data)) {
      deleteTree(data); // an initdb that was interrupted: nothing in it was ever acknowledged
    }
    Files.createDirectory(data);
    Path secret = Files.createTempFile(folder, "initdb", ".password");
    Files.writeString(secret, password);
    if (root) {
      own(data);
      own(secret);
    }
    run(
        "initialize",
        List.of(
            "initdb",
            "-D",
            data.toString(),
            "-U",
            OWNER,
            "-A",
            "scram-sha-256",
            "--pwfile",
            secret.toString(),
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions"));
    Files.delete(secret);
  }

  private static void own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", Integer.valueOf(UNPRIVILEGED));
    Files.setAttribute(path, "unix:gid", Integer.valueOf(UNPRIVILEGED));
  }

  private static void deleteTree(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void launch(Durability durability) throws IOException {
    Optional<Integer> left = portOfLeftOver();
    if (left.isPresent()) {
      port = left.get();
      if (answers()) {
        LOG.info("found the database server still running on port {}: using it again", port);
        return;
      }
    }
    Path log = folder.resolve("server.log");
    if (!Files.exists(log)) {
      Files.createFile(log);
    }
    if (root) {
      own(log);
    }
    port = LoopbackPort.free();
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-p", Integer.toString(port), "-c", "listen_addresses=127.0.0.1"));
    options.addAll(List.of("-c", "unix_socket_directories=", "-c", "max_connections=100"));
    options.addAll(List.of("-c", "timezone=UTC", "-c", "log_timezone=UTC"));
    options.addAll(durability.options());
    run(
        "start",
        List.of(
            "pg_ctl",
            "-D",
            data(),
            "-l",
            log.toString(),
            "-w",
            "-t",
            "120",
            "-o",
            String.join(" ", options),
            "start"));
  }

  /// The port of a server that still runs on this folder: line 4 of its pid file, if line 1 lives.
  private Optional<Integer> portOfLeftOver() {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("data/postmaster.pid"));
      boolean alive =
          lines.size() > 3
              && ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                  .map(ProcessHandle::isAlive)
                  .orElse(false);
      return alive ? Optional.of(Integer.valueOf(lines.get(3).strip())) : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private boolean answers() {
    try {
      DriverManager.getConnection(url(), OWNER, password).close();
      return true;
    } catch (SQLException e) {
      LOG.debug("no server answers on port {}", port, e);
      return false;
    }
  }

  private void run(String what, List<String> command) {
    List<String> line = new ArrayList<>();
    if (root) {
      line.addAll(
          List.of(
              "setpriv", "--reuid=" + UNPRIVILEGED, "--regid=" + UNPRIVILEGED, "--clear-groups"));
      if (!reachable(folder)) {
        // Below a private home the server could not reach its data.
        line.addAll(List.of("--inh-caps=+dac_override", "--ambient-caps=+dac_override"));
      }
    }
    line.add(binaries.resolve("bin").resolve(command.getFirst()).toString());
    line.addAll(command.subList(1, command.size()));
    try {
      Path output = Files.createTempFile("brume-postgres", ".out");
      Process process =
          new ProcessBuilder(line)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS);
      String said = Files.readString(output).strip();
      Files.delete(output);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new DatabaseFailure(
            "the embedded PostgreSQL in "
                + folder
                + " did not "
                + what
                + ": "
                + said
                + " (see server.log there)");
      }
    } catch (IOException e) {
      throw new DatabaseFailure(
          "the embedded PostgreSQL could not "
              + what
              + ": "
              + e.getMessage()
              + (root ? " (as root it needs 'setpriv', from util-linux)" : ""),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseFailure("interrupted while the embedded PostgreSQL was to " + what, e);
    }
  }

  /// Whether everyone may pass through all folders down to `path`.
  private static boolean reachable(Path path) {
    try {
      for (Path at = path; at != null; at = at.getParent()) {
        if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
