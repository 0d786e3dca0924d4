package brume.db;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.utility.DockerImageName;

/// The fixture itself, in a JVM of its own.
class TestServerDbTest {
  private static final Duration GONE_WITHIN = Duration.ofSeconds(30);

  /// Starts a server, says what it did, and waits to be killed.
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      try (java.sql.Connection connection = TestServer.start().connect()) {
        System.out.println("ready " + connection.getMetaData().getURL());
      } catch (java.sql.SQLException e) {
        throw new IllegalStateException(e);
      }
      int ignored = System.in.read();
    }
  }

  @Test
  void aKilledJvmLeavesNoServerBehind(@TempDir Path folder) throws Exception {
    Process child = child(folder, Map.of());
    List<String> said = untilReady(child);
    assertThat(said).last().asString().startsWith("ready jdbc:postgresql://127.0.0.1:");
    Path server = onlyFolderIn(folder);
    ProcessHandle postmaster =
        ProcessHandle.of(
                Long.parseLong(
                    Files.readAllLines(server.resolve("data/postmaster.pid")).getFirst()))
            .orElseThrow();

    child.destroyForcibly().waitFor();

    long deadline = System.nanoTime() + GONE_WITHIN.toNanos();
    while ((postmaster.isAlive() || Files.exists(server)) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(50_000_000);
    }
    assertThat(postmaster.isAlive()).as("the server runs").isFalse();
    assertThat(server).doesNotExist();
  }

  @Test
  void anEngineWithoutTheImageIsNotAskedToPullIt(@TempDir Path folder) throws Exception {
    ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    HttpServer engine =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.add(exchange.getRequestMethod() + " " + path);
          boolean image = path.contains("/images/");
          byte[] answer =
              (image ? "{\"message\": \"No such image\"}" : "{\"OSType\": \"linux\"}")
                  .getBytes(UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(image ? 404 : 200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    engine.start();
    try {
      Process child =
          child(folder, Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + engine.getAddress().getPort()));
      List<String> said = untilReady(child);
      child.destroyForcibly().waitFor();

      assertThat(said)
          .anyMatch(
              line -> line.contains("embedded") && line.contains("lacks the image postgres:18"))
          .anyMatch(line -> line.startsWith("ready "));
      assertThat(asked)
          .anyMatch(request -> request.endsWith("/images/postgres:18/json"))
          .allMatch(request -> request.startsWith("GET ") || request.startsWith("HEAD "));
    } finally {
      engine.stop(0);
    }
  }

  @Test
  void theReaperIsTheOneOfThisTestcontainers() throws IOException {
    try (InputStream code = DockerImageName.class.getResourceAsStream("RyukContainer.class")) {
      assertThat(new String(code.readAllBytes(), ISO_8859_1)).contains(TestServer.REAPER);
    }
  }

  /// @param folder for its temporary files
  private static Process child(Path folder, Map<String, String> variables) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + folder);
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = new HashMap<>(builder.environment());
    environment.keySet().removeIf(name -> name.matches("DOCKER_.*|TESTCONTAINERS_.*"));
    environment.put("DOCKER_HOST", "unix:///nowhere");
    environment.putAll(variables);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static List<String> untilReady(Process child) throws IOException {
    List<String> said = new ArrayList<>();
    BufferedReader lines = child.inputReader(UTF_8);
    String line = lines.readLine();
    while (line != null) {
      said.add(line);
      if (line.startsWith("ready ")) {
        return said;
      }
      line = lines.readLine();
    }
    throw new AssertionError("it ended:\n" + String.join("\n", said));
  }

  private static Path onlyFolderIn(Path folder) throws IOException {
    try (var found = Files.newDirectoryStream(folder, "brume-test-postgres*")) {
      return found.iterator().next();
    }
  }
}
