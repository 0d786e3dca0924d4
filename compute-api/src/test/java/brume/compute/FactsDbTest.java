package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What compute-api does with what others say: the scheduler's facts, a node's console, billing.
@ExtendWith(SharedCloud.class)
final class FactsDbTest {
  private static final String NODE = "node-00000000000000001";
  private static final String AWAY = "node-00000000000000002";
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();
  private static TestCloud cloud;
  private static HttpServer peer;

  @BeforeAll
  static void start() throws IOException {
    peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    peer.createContext(
        "/",
        exchange -> {
          SEEN.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + exchange.getRequestHeaders().getFirst("Accept"));
          boolean novm =
              exchange.getRequestURI().getQuery() != null
                  && exchange.getRequestURI().getQuery().equals("from=404");
          boolean json = exchange.getRequestURI().getPath().equals("/v1/usage");
          byte[] body = (json ? "{\"items\":[]}" : "hello\n").getBytes(StandardCharsets.UTF_8);
          exchange
              .getResponseHeaders()
              .set("Content-Type", json ? "application/json" : "text/plain;charset=UTF-8");
          exchange.getResponseHeaders().set("x-console-next", "1006");
          exchange.sendResponseHeaders(novm ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    peer.start();
    String address = "http://127.0.0.1:" + peer.getAddress().getPort();
    cloud = TestCloud.start("--brume.billing.url=" + address + "/");
    cloud.node(NODE, "node-1", address);
    cloud.node(AWAY, "node-2", "http://127.0.0.1:1");
  }

  @AfterAll
  static void stop() {
    cloud.close();
    peer.stop(0);
  }

  private static String intent(String id) {
    return cloud
        .owner
        .sql("SELECT intent || ' ' || generation FROM compute.instance WHERE id = ?")
        .param(id)
        .query(String.class)
        .single();
  }

  @Test
  void aGuestThatPowersItselfOffIsAClientThatStops() {
    String id = cloud.launch();
    cloud.allocate(id, 10, NODE);
    cloud.vm(id, 10, "RUNNING", null, null);
    cloud.vm(id, 10, "GONE", "GUEST_POWEROFF", "reboot: Power down");
    IdempotencyDbTest.await(() -> intent(id).equals("STOP 2"));
    JsonNode shown = cloud.get("/v1/instances/" + id).json();
    assertThat(shown.path("state").asString()).isEqualTo("stopped");
    assertThat(shown.path("stateReason").path("code").asString()).isEqualTo("guest_poweroff");
    assertThat(shown.path("stateReason").path("message").asString()).contains("Power down");
    assertThat(
            cloud
                .owner
                .sql(
                    "SELECT principal FROM compute.intent_change WHERE instance_id = ? AND generation = 2")
                .param(id)
                .query(String.class)
                .single())
        .isEqualTo("guest");
    cloud.post("/v1/instances/" + id + "/start", "");
    assertThat(intent(id)).isEqualTo("RUN 3");
  }

  /// A scheduler may have decided on a placement before it heard of the end.
  @Test
  void whatEndedBeforeItWasPlacedStaysEnded() {
    for (String[] end : new String[][] {{"stop", "stopped"}, {"terminate", "terminated"}}) {
      String id = cloud.launch();
      cloud.post("/v1/instances/" + id + "/" + end[0], "");
      assertThat(cloud.get("/v1/instances/" + id).json().path("state").asString())
          .isEqualTo(end[1]);
      cloud.allocate(id, 15, NODE);
      assertThat(cloud.get("/v1/instances/" + id).json().path("state").asString())
          .isEqualTo(end[1]);
      cloud.vm(id, 15, "RUNNING", null, null);
      assertThat(cloud.get("/v1/instances/" + id).json().path("state").asString())
          .isEqualTo(end[1]);
      assertThat(
              cloud.get("/v1/instances?limit=200&state=" + end[1]).json().path("items").toString())
          .contains(id);
      cloud.vm(id, 15, "GONE", "REQUESTED", null);
      assertThat(cloud.get("/v1/instances/" + id).json().path("state").asString())
          .isEqualTo(end[1]);
    }
    String again = cloud.launch();
    cloud.post("/v1/instances/" + again + "/stop", "");
    cloud.allocate(again, 16, NODE);
    cloud.post("/v1/instances/" + again + "/start", "");
    cloud.vm(again, 16, "RUNNING", null, null);
    assertThat(cloud.get("/v1/instances/" + again).json().path("state").asString())
        .isEqualTo("running");
    cloud.post("/v1/instances/" + again + "/terminate", "");
    assertThat(cloud.get("/v1/instances/" + again).json().path("state").asString())
        .isEqualTo("shutting-down");
  }

  @Test
  void aGuestThatFailsIsStoppedWithItsReason() {
    String id = cloud.launch();
    cloud.allocate(id, 20, NODE);
    cloud.vm(id, 20, "FAILED", "GUEST_FAILURE", "not a kernel");
    JsonNode shown = cloud.get("/v1/instances/" + id + "?wait=stopped&timeout=20s").json();
    assertThat(shown.path("state").asString()).isEqualTo("stopped");
    assertThat(shown.path("stateReason").path("message").asString())
        .isEqualTo("the guest failed: not a kernel; start it to try again");
  }

  @Test
  void aPlatformsFaultAndAnEarlierRunStopNothing() throws Exception {
    String lost = cloud.launch();
    cloud.allocate(lost, 30, NODE);
    cloud.vm(lost, 30, "FAILED", "NODE_LOST", null);
    String restarted = cloud.launch();
    cloud.allocate(restarted, 31, NODE);
    cloud.vm(restarted, 31, "GONE", "REQUESTED", null);
    cloud.post("/v1/instances/" + restarted + "/stop", "");
    cloud.post("/v1/instances/" + restarted + "/start", "");
    cloud
        .owner
        .sql("UPDATE scheduling.vm SET cause = 'GUEST_POWEROFF' WHERE instance_id = ?")
        .param(restarted)
        .update();
    // A later one has been taken note of, so rounds have looked at these two.
    String marker = cloud.launch();
    cloud.allocate(marker, 32, NODE);
    cloud.vm(marker, 32, "GONE", "GUEST_POWEROFF", null);
    IdempotencyDbTest.await(() -> intent(marker).equals("STOP 2"));
    assertThat(intent(lost)).isEqualTo("RUN 1");
    assertThat(intent(restarted)).isEqualTo("RUN 3");
  }

  @Test
  void theEndOfATerminatedInstanceIsMarkedOnceItHoldsNothing() {
    String never = cloud.launch();
    String held = cloud.launch();
    cloud.allocate(held, 40, NODE);
    cloud.vm(held, 40, "RUNNING", null, null);
    for (String id : List.of(never, held)) {
      cloud.post("/v1/instances/" + id + "/terminate", "");
      cloud
          .owner
          .sql("UPDATE compute.instance SET intent_at = intent_at - interval '1 min' WHERE id = ?")
          .param(id)
          .update();
    }
    IdempotencyDbTest.await(() -> !intents(never));
    assertThat(intents(held)).isTrue();
    cloud.vm(held, 40, "GONE", "REQUESTED", null);
    IdempotencyDbTest.await(() -> !intents(held));
    assertThat(cloud.state(held)).isEqualTo("terminated");
  }

  /// Whether the scheduler still sees it.
  private static boolean intents(String id) {
    return !cloud
        .owner
        .sql("SELECT 1 FROM compute.instance_intent WHERE instance_id = ?")
        .param(id)
        .query(Integer.class)
        .list()
        .isEmpty();
  }

  @Test
  void aWaitEndsWhenTheStateIsThere() throws Exception {
    String id = cloud.launch();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Answer> waiting =
          threads.submit(() -> cloud.get("/v1/instances/" + id + "?wait=running&timeout=60s"));
      cloud.allocate(id, 50, NODE);
      cloud.vm(id, 50, "STARTING", null, null);
      long start = System.nanoTime();
      cloud.vm(id, 50, "RUNNING", null, null);
      Answer answer = waiting.get(120, TimeUnit.SECONDS);
      assertThat(answer.json().path("state").asString()).isEqualTo("running");
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(50));
    }
  }

  @Test
  void aWaitThatCanNotEndWellEndsAtOnceAndOneThatMayEndsInTime() {
    String id = cloud.launch();
    long start = System.nanoTime();
    assertThat(wait(id, "running", "1s")).isEqualTo("pending");
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(950));
    cloud.post("/v1/instances/" + id + "/stop", "");
    start = System.nanoTime();
    assertThat(wait(id, "running", "60s")).isEqualTo("stopped");
    assertThat(wait(id, "stopped", "60s")).isEqualTo("stopped");
    cloud.post("/v1/instances/" + id + "/terminate", "");
    assertThat(wait(id, "stopped", "60s")).isEqualTo("terminated");
    assertThat(wait(id, "terminated", "60s")).isEqualTo("terminated");
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(55));
  }

  private static String wait(String id, String state, String timeout) {
    return cloud
        .get("/v1/instances/" + id + "?wait=" + state + "&timeout=" + timeout)
        .json()
        .path("state")
        .asString();
  }

  @Test
  void theConsoleComesFromTheNodeWhileThereIsAVmAndFromWhatWasKeptAfter() {
    String id = cloud.launch();
    assertThat(console(id, 0)).isEqualTo("none 0 0 ");
    cloud.allocate(id, 60, NODE);
    cloud.vm(id, 60, "RUNNING", null, null);
    assertThat(console(id, 1000)).isEqualTo("live 60 1006 hello\n");
    assertThat(SEEN).anyMatch(s -> s.startsWith("/vms/" + id + "/console?from=1000 Bearer access"));
    assertThat(console(id, 404)).isEqualTo("none 60 0 ");
    cloud.vm(id, 60, "GONE", "REQUESTED", null);
    assertThat(console(id, 0)).isEqualTo("none 60 0 ");
    cloud
        .owner
        .sql("UPDATE scheduling.vm SET console = 'the end' WHERE instance_id = ?")
        .param(id)
        .update();
    assertThat(console(id, 0)).isEqualTo("saved 60 7 the end");
    assertThat(console(id, 4)).isEqualTo("saved 60 7 end");
    assertThat(console(id, 99)).isEqualTo("saved 60 7 ");
  }

  private static String console(String id, long from) {
    Answer answer = cloud.get("/v1/instances/" + id + "/console?from=" + from);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.header("x-console-source")
        + " "
        + answer.header("x-console-epoch")
        + " "
        + answer.header("x-console-next")
        + " "
        + answer.body();
  }

  @Test
  void aNodeThatIsAwayIsNamedUnlessSomethingWasKept() {
    String id = cloud.launch();
    cloud.allocate(id, 70, AWAY);
    cloud.vm(id, 70, "RUNNING", null, null);
    Answer away = cloud.get("/v1/instances/" + id + "/console");
    assertThat(away.status() + " " + away.code()).isEqualTo("503 node_unavailable");
    assertThat(away.detail()).contains("node-2").contains(id);
    cloud
        .owner
        .sql("UPDATE scheduling.vm SET console = 'kept' WHERE instance_id = ?")
        .param(id)
        .update();
    assertThat(console(id, 0)).startsWith("saved 70");
  }

  @Test
  void billingIsForwardedWithTheCallersOwnCredential() {
    SEEN.clear();
    Answer answer =
        cloud.send(
            "GET", "/v1/invoices/current", TestCloud.READER, Map.of("Accept", "text/plain"), null);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hello\n");
    cloud.send("GET", "/v1/usage?limit=3&x=%20y", TestCloud.OWNER, Map.of("Accept", "a/b"), null);
    assertThat(SEEN)
        .containsExactly(
            "/v1/invoices/current Bearer " + TestCloud.READER + " text/plain",
            "/v1/usage?limit=3&x=%20y Bearer " + TestCloud.OWNER + " a/b");
  }

  @Test
  void whenBillingIsAwayTheAnswerSaysSo() {
    Answer answer = SharedCloud.get().get("/v1/invoices/current");
    assertThat(answer.status() + " " + answer.code()).isEqualTo("503 billing_unavailable");
  }

  /// How long it takes is for `bench/` to say; here all of them must be accepted.
  @Test
  void twoHundredLaunchesFromSixteenClientsAreAllAccepted() throws Exception {
    System.out.println("200 launches in " + launchTwoHundred("rate") + " ms");
  }

  private static long launchTwoHundred(String tag) throws Exception {
    List<Callable<Answer>> launches = new ArrayList<>();
    String body =
        "{\"image\":\"debian-micro\",\"type\":\"e1.nano\",\"tags\":{\"" + tag + "\":\"1\"}}";
    for (int i = 0; i < 200; i++) {
      String key = tag + "-" + i;
      launches.add(() -> cloud.postWithKey("/v1/instances", key, body));
    }
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<Answer> answer : threads.invokeAll(launches)) {
        assertThat(answer.get().status()).isEqualTo(201);
      }
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    JsonNode page = cloud.get("/v1/instances?tag=" + tag + "&limit=1000&state=pending").json();
    assertThat(page.path("items").size()).isEqualTo(200);
    return millis;
  }
}
