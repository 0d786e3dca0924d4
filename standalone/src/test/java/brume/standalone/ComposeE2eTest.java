package brume.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import brume.client.ApiClient;
import brume.client.ApiException;
import brume.client.api.BillingApi;
import brume.client.api.InstancesApi;
import brume.client.api.NodesApi;
import brume.client.model.Instance;
import brume.client.model.InstanceState;
import brume.client.model.Node;
import brume.client.model.RunInstancesRequest;
import brume.contract.CacheFolder;
import brume.db.LoopbackPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// docker-compose.yml as a user would run it. Only where an engine, its Compose plugin and the base
/// images are there; nothing is pulled. It has a project name and a port of its own, so that a
/// cloud that runs from the same file is left alone.
class ComposeE2eTest {
  private static final String PROJECT = "brume-e2e-test";
  private static final String TOKEN = "change-me-first-account-token";
  private static final String SAYS = "a guest in a container: ";
  private static final Duration UP_WITHIN = Duration.ofMinutes(5);
  private static final Duration RUNS_WITHIN = Duration.ofMinutes(2);

  private final ApiClient client = new ApiClient();
  private final Map<String, String> variables = new HashMap<>();

  @Test
  void theComposeFileIsACloudWithTwoNodes() throws Exception {
    assumeDone("no Docker engine answers", "docker", "version");
    assumeDone("Docker has no Compose plugin", "docker", "compose", "version");
    for (String image :
        List.of("postgres:18", "eclipse-temurin:25-jdk", "eclipse-temurin:25-jre")) {
      assumeDone("the image " + image + " is not there", "docker", "image", "inspect", image);
    }
    TourE2eTest.assumeImage();
    int port = LoopbackPort.free();
    variables.put("BRUME_PORT", Integer.toString(port));
    variables.put("BRUME_CACHE", CacheFolder.of(System.getenv()).toString());
    client.updateBaseUri("http://localhost:" + port);
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + TOKEN));
    try {
      assertThat(compose("up", "--build", "--detach")).as("docker compose up").isZero();
      assertThat(awaitNodes())
          .extracting(Node::getName)
          .containsExactlyInAnyOrder("node-1", "node-2");
      String instance = launch();
      assertThat(consoleOf(instance)).contains(SAYS + "riscv64");
      new InstancesApi(client).terminateInstance(instance, null);
      await(instance, InstanceState.TERMINATED);
      assertThat(new BillingApi(client).getCurrentInvoice().getLines())
          .anySatisfy(line -> assertThat(line.getResourceId()).isEqualTo(instance));
    } finally {
      compose("down", "--volumes");
    }
  }

  private String launch() throws Exception {
    byte[] script = ("#!/bin/sh\necho '" + SAYS + "'$(uname -m)\n").getBytes(UTF_8);
    String userData = Base64.getEncoder().encodeToString(script);
    RunInstancesRequest request =
        new RunInstancesRequest().image("debian-micro").type("e1.micro").userData(userData);
    String id =
        new InstancesApi(client)
            .runInstances(request, "once", null)
            .getInstances()
            .getFirst()
            .getId();
    await(id, InstanceState.RUNNING);
    return id;
  }

  private void await(String id, InstanceState state) throws ApiException {
    long deadline = System.nanoTime() + RUNS_WITHIN.toNanos();
    Instance seen;
    do {
      seen = new InstancesApi(client).getInstance(id, state.getValue(), "20s");
    } while (seen.getState() != state && System.nanoTime() < deadline);
    assertThat(seen.getState()).as("%s", seen).isEqualTo(state);
  }

  private String consoleOf(String id) throws ApiException {
    long deadline = System.nanoTime() + RUNS_WITHIN.toNanos();
    String text = "";
    while (!text.contains(SAYS) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(500_000_000);
      text = String.valueOf(new InstancesApi(client).getConsole(id, null));
    }
    return text;
  }

  private List<Node> awaitNodes() {
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

  private int compose(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker", "compose", "--project-name", PROJECT));
    command.addAll(List.of(arguments));
    return run(Duration.ofMinutes(10), command, variables);
  }

  private static void assumeDone(String missing, String... command)
      throws IOException, InterruptedException {
    int exit;
    try {
      exit = run(Duration.ofSeconds(20), List.of(command), Map.of());
    } catch (IOException e) {
      exit = -1; // no such program
    }
    assumeTrue(exit == 0, "skipped: " + missing);
  }

  private static int run(Duration atMost, List<String> command, Map<String, String> variables)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of(System.getProperty("brume.repository")).toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    process.getOutputStream().close();
    Thread drain =
        Thread.ofVirtual()
            .start(() -> {
              try {
                byte[] said = process.getInputStream().readAllBytes();
                System.out.print(new String(said, UTF_8));
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
