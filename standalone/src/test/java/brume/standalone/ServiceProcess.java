package brume.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One service in a process of its own, as in a fleet: started, killed without warning, started
/// again.
final class ServiceProcess implements AutoCloseable {
  private static final Duration HEALTHY_WITHIN = Duration.ofMinutes(4);

  private final String mainClass;
  private final int port;
  private final Map<String, String> properties;
  private final Path log;
  private @Nullable Process process;

  ServiceProcess(String mainClass, int port, Map<String, String> properties, Path logs) {
    this.mainClass = mainClass;
    this.port = port;
    this.properties = properties;
    this.log = logs.resolve(name() + "-" + port + ".log");
  }

  String name() {
    return mainClass.substring(mainClass.lastIndexOf('.') + 1);
  }

  void start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            mainClass,
            "--server.port=" + port));
    properties.forEach((name, value) -> command.add("--" + name + "=" + value));
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// SIGKILL: nothing of the service gets a chance to tidy up.
  void kill() {
    Process running = running();
    running.destroyForcibly();
    join(running);
  }

  private Process running() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException(name() + " was never started");
    }
    return running;
  }

  private static void join(Process process) {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("process " + process.pid() + " does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void awaitHealthy(HttpClient client) {
    long deadline = System.nanoTime() + HEALTHY_WITHIN.toNanos();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health"))
            .timeout(Duration.ofSeconds(5))
            .build();
    while (!healthy(client, request)) {
      if (System.nanoTime() > deadline || !running().isAlive()) {
        throw new IllegalStateException(name() + " did not become healthy:\n" + tail());
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static boolean healthy(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null && running.isAlive()) {
      running.destroy();
      try {
        if (!running.waitFor(15, TimeUnit.SECONDS)) {
          running.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        running.destroyForcibly();
      }
    }
  }
}
