package brume.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import brume.node.hypervisor.TinyKernel;
import brume.node.sync.FakeScheduler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole agent as a Spring context, with the simulated driver, against a scheduler on a port.
class NodeAgentTest {
  private static final String ID = "i-00000000000000001";

  @TempDir Path data;
  private FakeScheduler scheduler;
  private ConfigurableApplicationContext agent;

  @BeforeEach
  void start() throws IOException {
    scheduler = new FakeScheduler();
    agent = startAgent();
  }

  @AfterEach
  void stop() {
    agent.close();
    scheduler.close();
  }

  private ConfigurableApplicationContext startAgent() {
    return startAgent("simulated");
  }

  private ConfigurableApplicationContext startAgent(String hypervisor) {
    return NodeAgentApplication.builder()
        .run(
            "--server.port=0",
            "--brume.node.name=node-a",
            "--brume.node.hypervisor=" + hypervisor,
            "--brume.node.scheduler-url=" + scheduler.uri(),
            "--brume.node.join-token=" + FakeScheduler.JOIN_TOKEN,
            "--brume.node.memory-mib=1024",
            "--brume.node.vcpu=8",
            "--brume.node.memory-reserve-mib=0",
            "--brume.node.data-dir=" + data.resolve("node"));
  }

  private static DesiredVm desired(Intent intent, long epoch, long generation) {
    return new DesiredVm(
        ID, epoch, generation, intent, 0, 1, 64, 10, "builtin:debian-micro", "web-1", null);
  }

  @Test
  void joinsRunsStopsAndSaysSo() {
    scheduler.desire(desired(Intent.RUN, 7, 1));
    scheduler.awaitEvent(ID, VmState.RUNNING);
    assertThat(scheduler.registrations().getFirst().name()).isEqualTo("node-a");
    FakeScheduler.await(
        "the report shows it",
        () -> !scheduler.vms().isEmpty() && scheduler.vms().getFirst().state() == VmState.RUNNING);

    scheduler.desire(desired(Intent.STOP, 7, 2));
    var gone = scheduler.awaitEvent(ID, VmState.GONE);
    assertThat(gone.cause()).isEqualTo(EndCause.REQUESTED);
    assertThat(gone.generation()).isEqualTo(2);
    assertThat(new String(Base64.getDecoder().decode(gone.consoleBase64()), StandardCharsets.UTF_8))
        .contains("simulated guest web-1")
        .contains("[brume] ready after 0 ms");
    assertThat(scheduler.statesOf(ID))
        .containsExactly(VmState.STARTING, VmState.RUNNING, VmState.STOPPING, VmState.GONE);
    assertThat(scheduler.vms()).isEmpty();
  }

  @Test
  void itsCredentialSurvivesARestartAndNobodyElseReadsIt() throws IOException {
    FakeScheduler.await("a first report", () -> scheduler.lastRequest() != null);
    String firstBoot = scheduler.lastRequest().bootId();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data.resolve("node/credential.json"))))
        .isEqualTo("rw-------");
    agent.close();
    agent = startAgent();
    FakeScheduler.await(
        "a report of the next boot", () -> !scheduler.lastRequest().bootId().equals(firstBoot));
    assertThat(scheduler.registrations()).hasSize(1);
  }

  @Test
  void aShutDownEndsItsVmsForARestartAndOffersNothing() {
    scheduler.desire(desired(Intent.RUN, 7, 1));
    scheduler.awaitEvent(ID, VmState.RUNNING);
    agent.close();
    assertThat(scheduler.events().getLast().state()).isEqualTo(VmState.GONE);
    assertThat(scheduler.events().getLast().cause()).isEqualTo(EndCause.NODE_RESTARTED);
    assertThat(scheduler.lastRequest().capacity().memoryMib()).isZero();
  }

  @Test
  void aRealGuestRunsAndItsEndIsTold() throws IOException {
    agent.close();
    Path left = data.resolve("node/vms/i-00000000000000009-1");
    Files.createDirectories(left);
    Files.writeString(left.resolve("initrd"), "of an agent that was killed");
    agent = startAgent("emulator");
    assertThat(left).doesNotExist();
    String image =
        new TinyKernel().print("hello from S-mode\n").powerOff(0).writeTo(data.resolve("image"));
    scheduler.desire(new DesiredVm(ID, 7, 1, Intent.RUN, 0, 2, 32, 10, image, "web-1", null));
    var gone = scheduler.awaitEvent(ID, VmState.GONE);
    assertThat(gone.cause()).isEqualTo(EndCause.GUEST_POWEROFF);
    assertThat(new String(Base64.getDecoder().decode(gone.consoleBase64()), StandardCharsets.UTF_8))
        .isEqualTo("hello from S-mode\n");
    assertThat(scheduler.statesOf(ID))
        .containsExactly(VmState.STARTING, VmState.RUNNING, VmState.GONE);

    String other = "i-00000000000000002";
    String noKernel = "file:" + data.resolve("nothing").toAbsolutePath();
    scheduler.desire(new DesiredVm(other, 8, 1, Intent.RUN, 0, 1, 32, 10, noKernel, "web-2", null));
    var failed = scheduler.awaitEvent(other, VmState.FAILED);
    assertThat(failed.cause()).isEqualTo(EndCause.IMAGE_UNAVAILABLE);
    assertThat(failed.reason()).contains("manifest");
  }

  @Test
  void aFolderIsHeldByOneAgent() {
    assertThatThrownBy(this::startAgent)
        .rootCause()
        .hasMessageContaining("another agent runs on the data folder")
        .hasMessageContaining("brume.node.data-dir");
  }

  @Test
  void theConsoleIsReadWithTheTokenThatTheSchedulerWasGiven() throws Exception {
    scheduler.desire(desired(Intent.RUN, 7, 1));
    scheduler.awaitEvent(ID, VmState.RUNNING);
    String token = scheduler.lastRequest().accessToken();
    String path = "/vms/" + ID + "/console";

    HttpResponse<String> whole = get(path, "Bearer " + token);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).startsWith("simulated guest web-1");
    assertThat(whole.headers().firstValue("content-type").orElseThrow()).startsWith("text/plain");
    String next = whole.headers().firstValue("x-console-next").orElseThrow();
    assertThat(Long.parseLong(next)).isEqualTo(whole.body().length());
    assertThat(get(path + "?from=10", "Bearer " + token).body())
        .isEqualTo(whole.body().substring(10));
    assertThat(get(path + "?from=" + next, "Bearer " + token).body()).isEmpty();

    assertThat(get(path, null).statusCode()).isEqualTo(401);
    assertThat(get(path, "Bearer " + token + "x").statusCode()).isEqualTo(401);
    assertThat(get(path, "Bearer ").statusCode()).isEqualTo(401);
    assertThat(get(path, token).statusCode()).isEqualTo(401);
    HttpResponse<String> negative = get(path + "?from=-1", "Bearer " + token);
    assertThat(negative.statusCode()).isEqualTo(400);
    assertThat(negative.body()).contains("invalid_offset");
    assertThat(get("/vms/i-0000000000000000f/console", "Bearer " + token).statusCode())
        .isEqualTo(404);
    assertThat(get("/vms/..%2f..%2fetc/console", "Bearer " + token).statusCode())
        .isBetween(400, 404);
  }

  @Test
  void whatIsTypedReachesTheGuestAndAReaderMayWaitForItsAnswer() throws Exception {
    scheduler.desire(desired(Intent.RUN, 7, 1));
    scheduler.awaitEvent(ID, VmState.RUNNING);
    String bearer = "Bearer " + scheduler.lastRequest().accessToken();
    String path = "/vms/" + ID + "/console?epoch=7";
    FakeScheduler.await("a banner", () -> get(path, bearer).body().contains("ready after"));
    String next = get(path, bearer).headers().firstValue("x-console-next").orElseThrow();

    CompletableFuture<HttpResponse<String>> waiting =
        CompletableFuture.supplyAsync(() -> get(path + "&waitMillis=20000&from=" + next, bearer));
    HttpResponse<String> typed = send("POST", path, bearer, "uname -m\r");
    assertThat(typed.statusCode()).isEqualTo(204);
    assertThat(typed.headers().firstValue("x-console-taken")).contains("9");
    assertThat(waiting.get().body()).isEqualTo("uname -m\r");
    assertThat(waiting.get().headers().firstValue("x-console-over")).contains("false");

    assertThat(send("POST", path, null, "x").statusCode()).isEqualTo(401);
    assertThat(send("POST", path.replace("7", "8"), bearer, "x").statusCode()).isEqualTo(404);
    assertThat(get(path.replace("7", "8"), bearer).statusCode()).isEqualTo(404);
    assertThat(get(path + "&waitMillis=soon", bearer).body()).contains("waitMillis must be");

    // The end of the guest lets a reader go at once, with what was printed last.
    String last = get(path, bearer).headers().firstValue("x-console-next").orElseThrow();
    CompletableFuture<HttpResponse<String>> listening =
        CompletableFuture.supplyAsync(() -> get(path + "&waitMillis=20000&from=" + last, bearer));
    scheduler.desire(desired(Intent.STOP, 7, 2));
    assertThat(listening.get().headers().firstValue("x-console-over")).contains("true");
    assertThat(send("POST", path, bearer, "x").headers().firstValue("x-console-taken"))
        .contains("0");
  }

  @Test
  void healthAndMetricsShowTheNodeAndItsVms() throws Exception {
    FakeScheduler.await("a lease", () -> scheduler.calls() > 1);
    assertThat(get("/actuator/health", null).body()).contains("\"UP\"");
    scheduler.desire(desired(Intent.RUN, 7, 1));
    scheduler.awaitEvent(ID, VmState.RUNNING);
    String instructions = "/actuator/metrics/brume.vm.instructions?tag=instance:" + ID;
    FakeScheduler.await("its meters", () -> get(instructions, null).statusCode() == 200);
    assertThat(get(instructions, null).body()).contains("1000");
    scheduler.desire(desired(Intent.TERMINATE, 7, 2));
    scheduler.awaitEvent(ID, VmState.GONE);
    FakeScheduler.await("no meters", () -> get(instructions, null).statusCode() == 404);
    assertThat(get("/actuator/env", null).statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path, String authorization) {
    return send("GET", path, authorization, "");
  }

  private HttpResponse<String> send(String method, String path, String authorization, String body) {
    String port = agent.getEnvironment().getProperty("local.server.port");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException broken) {
      throw new AssertionError(broken);
    }
  }
}
