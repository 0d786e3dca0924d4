package brume.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.sync.NodeCredential;
import brume.db.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service over HTTP, as a node or somebody who is none sees it.
class NodeHttpDbTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static TestDatabase database;
  private static ConfigurableApplicationContext context;
  private static String base;
  private static JdbcClient owner;

  @BeforeAll
  static void start() {
    database = TestDatabase.fresh();
    owner = JdbcClient.create(database.ownerDataSource());
    context =
        SchedulerApplication.builder()
            .run(
                "--server.port=0",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.password=" + TestDatabase.PASSWORD,
                "--brume.scheduler.lease-millis=15000",
                "--brume.scheduler.join-tokens=token-one,token-two,token-three,token-four,token-five");
    base = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    owner
        .sql(
            "INSERT INTO compute.account VALUES ('000000000001', 'test', 1000, 1000, 1000000, now())")
        .update();
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  private record Answer(int status, JsonNode body, HttpResponse<String> raw) {}

  private static Answer post(String path, String secret, BodyPublisher body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .POST(body);
    if (secret != null) {
      request.header("authorization", "Bearer " + secret);
    }
    HttpResponse<String> response =
        CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    String text = response.body();
    return new Answer(response.statusCode(), text.isEmpty() ? null : JSON.readTree(text), response);
  }

  private static Answer post(String path, String secret, String body)
      throws IOException, InterruptedException {
    return post(path, secret, BodyPublishers.ofString(body));
  }

  private static String registration(String token, String name) {
    return """
    {"joinToken": "%s", "name": "%s", "zone": "%s", "address": "http://127.0.0.1:9100",
     "capacity": {"vcpu": 4, "memoryMib": 4096}}
    """
        .formatted(token, name, name); // a zone of its own
  }

  private static String report(String fields) {
    return """
    {"bootId": "b1", "monotonicNanos": %d, "capacity": {"vcpu": 4, "memoryMib": 4096},
     "address": "http://127.0.0.1:9100", "accessToken": "t", "vms": [], "events": [],
     "waitMillis": 0%s}
    """
        .formatted(System.nanoTime(), fields);
  }

  private static NodeCredential join(String token, String name)
      throws IOException, InterruptedException {
    Answer answer = post("/nodes", null, registration(token, name));
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(201);
    return new NodeCredential(
        answer.body().get("nodeId").asString(), answer.body().get("secret").asString());
  }

  @Test
  void aTokenLetsOneNodeIn() throws Exception {
    NodeCredential first = join("token-one", "one");
    // The answer was lost and the node asks again, before it ever reported.
    NodeCredential again = join("token-one", "one");
    assertThat(again.nodeId()).isEqualTo(first.nodeId());
    String sync = "/nodes/" + again.nodeId() + "/sync";
    assertThat(post(sync, first.secret(), report("")).status()).isEqualTo(401);
    assertThat(post(sync, again.secret(), report("")).status()).isEqualTo(200);
    Answer used = post("/nodes", null, registration("token-one", "one"));
    assertThat(used.status()).isEqualTo(409);
    assertThat(used.body().get("code").asString()).isEqualTo("join_token_used");
    assertThat(used.raw().headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(used.raw().headers().firstValue("x-request-id"))
        .hasValue(used.body().get("requestId").asString());
    Answer taken = post("/nodes", null, registration("token-five", "one"));
    assertThat(taken.body().get("code").asString()).isEqualTo("node_name_taken");
    Answer unknown = post("/nodes", null, registration("no-such-token", "other"));
    assertThat(unknown.status()).isEqualTo(403);
  }

  @Test
  void aNodeReportsAsItselfOnly() throws Exception {
    NodeCredential two = join("token-two", "two");
    String other = "/nodes/node-00000000000000000/sync";
    assertThat(post(other, two.secret(), report("")).status()).isEqualTo(403);
    assertThat(post("/nodes/" + two.nodeId() + "/sync", "wrong", report("")).status())
        .isEqualTo(401);
    assertThat(post("/nodes/" + two.nodeId() + "/sync", null, report("")).status()).isEqualTo(401);
  }

  @Test
  void anAnswerIsHeldUntilTheDesiredSetChanges() throws Exception {
    NodeCredential three = join("token-three", "three");
    String sync = "/nodes/" + three.nodeId() + "/sync";
    Answer first = post(sync, three.secret(), report(""));
    assertThat(first.body().get("leaseMillis").asInt()).isEqualTo(15000);
    String version = first.body().get("version").asString();
    String waiting = ", \"knownVersion\": \"%s\", \"waitMillis\": 20000".formatted(version);
    String body = report("").replace(", \"waitMillis\": 0", "").replace("}\n", waiting + "}\n");
    CompletableFuture<Answer> held =
        CompletableFuture.supplyAsync(() -> {
          try {
            return post(sync, three.secret(), body.replace("\"waitMillis\": 0,", ""));
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    // In the zone that is this node's alone.
    owner
        .sql(
            """
            INSERT INTO compute.instance
              (id, account_id, reservation_id, launch_index, image_id, instance_type, vcpu,
               memory_mib, baseline_percent, zone, intent, created_at, intent_at)
            VALUES ('i-00000000000000abc', '000000000001', 'r-00000000000000abc', 0,
                    'ami-00000000000000001', 'e1.nano', 1, 128, 10, 'three', 'RUN', now(), now())
            """)
        .update();
    long start = System.nanoTime();
    owner.sql("SELECT pg_notify('brume_intent', '')").query((row, index) -> true).list();
    Answer answer = held.get(60, TimeUnit.SECONDS);
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    System.out.println("from launch to the held answer: " + millis + " ms");
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
    assertThat(answer.body().get("desired").get(0).get("instanceId").asString())
        .isEqualTo("i-00000000000000abc");
    assertThat(millis).as("woken, and not at the end of the wait").isLessThan(4_500);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                     | 400 | malformed_request
          []                                                    | 400 | malformed_request
          null                                                  | 400 | malformed_request
          {"joinToken": 5}                                      | 400 | malformed_request
          {"joinToken": "x", "name": "UPPER", "zone": "a", "address": "http://h", "capacity": {"vcpu": 1, "memoryMib": 1}} | 400 | malformed_request
          {"joinToken": "x", "name": "n", "zone": "a", "address": "http://h", "capacity": {"vcpu": -1, "memoryMib": 1}} | 400 | malformed_request
          {"joinToken": "x", "name": "n", "zone": "a", "address": "http://h"} | 400 | invalid_field
          """)
  void badRegistrationsAreRefusedByName(String body, int status, String code) throws Exception {
    Answer answer = post("/nodes", null, body);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
    assertThat(answer.body().get("code").asString()).isEqualTo(code);
    assertThat(answer.raw().body()).doesNotContain("Exception").doesNotContain("brume.");
  }

  @Test
  void bodiesHaveLimits() throws Exception {
    Answer declared = post("/nodes", null, " ".repeat(70_000));
    assertThat(declared.status()).isEqualTo(413);
    InputStream endless =
        new ByteArrayInputStream(
            " ".repeat(200_000).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Answer chunked = post("/nodes", null, BodyPublishers.ofInputStream(() -> endless));
    assertThat(chunked.status()).isEqualTo(413);
    assertThat(chunked.body().get("code").asString()).isEqualTo("body_too_large");
  }

  @Test
  void whatIsNotThereIsAProblemToo() throws Exception {
    Answer answer = post("/etc/passwd", null, "{}");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body().get("code").asString()).isEqualTo("not_found");
    HttpResponse<String> health =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create(base + "/actuator/health")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(JSON.readTree(health.body()).get("status").asString()).isEqualTo("UP");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"count":0,"need":{"vcpu":1,"memoryMib":1}}                  | count must be 1 to 1000, not 0
          {"count":1001,"need":{"vcpu":1,"memoryMib":1}}               | count must be 1 to 1000
          {"count":1,"need":{"vcpu":0,"memoryMib":1}}                  | need.vcpu must be 1 to
          {"count":1}                                                  | the body is not the JSON
          {"count":1,"need":{"vcpu":1,"memoryMib":1},"zone":""}        | zone must have 1 to 63
          []                                                           | the body is not the JSON
          """)
  void aPlanNamesWhatIsWrongWithItsQuestion(String body, String detail) throws Exception {
    Answer answer = post("/plan", null, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("detail").asString()).contains(detail);
  }

  @Test
  void aPlanIsAnsweredAndNothingHeld() throws Exception {
    Answer answer =
        post("/plan", null, "{\"count\":2,\"need\":{\"vcpu\":1000000,\"memoryMib\":1}}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("places").size()).isZero();
    assertThat(answer.body().path("reason").asString()).startsWith("no node");
    assertThat(owner.sql("SELECT count(*) FROM scheduling.allocation").query(Long.class).single())
        .isZero();
  }
}
