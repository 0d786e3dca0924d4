package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import brume.client.ApiClient;
import brume.client.ApiException;
import brume.client.api.NodesApi;
import brume.client.model.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// docker-compose.yml as a user would run it. Only where an engine, its Compose plugin and the base
/// images are there; nothing is pulled.
class ComposeE2eTest {
  private static final String TOKEN = "change-me-first-account-token";
  private static final Duration UP_WITHIN = Duration.ofMinutes(5);

  @Test
  void theComposeFileIsACloudWithTwoNodes() throws Exception {
    assumeDone("no Docker engine answers", "docker", "version");
    assumeDone("Docker has no Compose plugin", "docker", "compose", "version");
    for (String image :
        List.of("postgres:18", "eclipse-temurin:25-jdk", "eclipse-temurin:25-jre")) {
      assumeDone("the image " + image + " is not there", "docker", "image", "inspect", image);
    }
    try {
      assertThat(compose("up", "--build", "--detach")).as("docker compose up").isZero();
      assertThat(awaitNodes())
          .extracting(Node::getName)
          .containsExactlyInAnyOrder("node-1", "node-2");
    } finally {
      compose("down", "--volumes");
    }
  }

  private static List<Node> awaitNodes() {
    ApiClient client = new ApiClient();
    client.updateBaseUri("http://localhost:8080");
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + TOKEN));
    long deadline = System.nanoTime() + UP_WITHIN.toNanos();
    List<Node> ready = List.of();
    while (ready.size() < 2 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(500_000_000);
      try {
        ready =
            new NodesApi(client)
                .listNodes(100, null).getItems().stream().filter(Node::getReady).toList();
      } catch (ApiException e) {
        ready = List.of(); // not up yet
      }
    }
    return ready;
  }

  private static int compose(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker", "compose"));
    command.addAll(List.of(arguments));
    return run(Duration.ofMinutes(10), command);
  }

  private static void assumeDone(String missing, String... command)
      throws IOException, InterruptedException {
    int exit;
    try {
      exit = run(Duration.ofSeconds(20), List.of(command));
    } catch (IOException e) {
      exit = -1; // no such program
    }
    assumeTrue(exit == 0, "skipped: " + missing);
  }

  private static int run(Duration atMost, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of(System.getProperty("brume.repository")).toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    process.getOutputStream().close();
    Thread drain =
        Thread.ofVirtual()
            .start(() -> {
              try {
                byte[] said = process.getInputStream().readAllBytes();
                System.out.print(new String(said, StandardCharsets.UTF_8));
              } catch (IOException e) {
                System.out.println("output lost: " + e);
              }
            });
    boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    drain.join();
    return ended ? process.exitValue() : -1;
  }
}
