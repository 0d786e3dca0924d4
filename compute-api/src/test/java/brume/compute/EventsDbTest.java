package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The stream of events, the past, and edits of instances.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a stream never ends
final class EventsDbTest {
  private static final String NODE = "node-000000000000000e1";

  private static TestCloud cloud;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    cloud = TestCloud.start();
    http = HttpClient.newHttpClient();
    cloud.node(NODE, "node-e1", "http://127.0.0.1:1");
  }

  @AfterAll
  static void stop() {
    http.close();
    cloud.close();
  }

  private static BufferedReader open(String token, String lastId) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(cloud.url + "/v1/events"))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + token);
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    var answer = http.send(request.build(), BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  /// The ids of the next events, as many as are wanted.
  private static List<String> ids(BufferedReader stream, int wanted) throws IOException {
    List<String> ids = new ArrayList<>();
    String line;
    while (ids.size() < wanted && (line = stream.readLine()) != null) {
      if (line.startsWith("id: ")) {
        ids.add(line.substring(4));
      }
    }
    return ids;
  }

  private static void transition(long seq, String account, String instance) {
    cloud
        .owner
        .sql(
            "INSERT INTO scheduling.transition (seq, instance_id, epoch, generation, account_id,"
                + " instance_type, node_id, state, at, recorded_at)"
                + " VALUES (?, ?, 1, 1, ?, 'e1.nano', ?, 'RUNNING', now(), now())")
        .params(seq, instance, account, NODE)
        .update();
    cloud.facts();
  }

  @Test
  void whoComesBackMissesNoneSeesNoneTwiceAndNoneOfAnotherAccount() throws Exception {
    try (BufferedReader stream = open(TestCloud.OWNER, null)) {
      stream.readLine(); // it begins where the log is now
      transition(101, TestCloud.ACCOUNT, "i-00000000000000101");
      transition(102, TestCloud.OTHER_ACCOUNT, "i-00000000000000102");
      transition(103, TestCloud.ACCOUNT, "i-00000000000000103");
      assertThat(ids(stream, 2)).containsExactly("101", "103");
    }
    transition(104, TestCloud.ACCOUNT, "i-00000000000000104");
    transition(105, TestCloud.OTHER_ACCOUNT, "i-00000000000000105");
    try (BufferedReader stream = open(TestCloud.READER, "101")) {
      assertThat(ids(stream, 2)).containsExactly("103", "104");
    }
    // An id of another account's event is only a place in the log.
    try (BufferedReader stream = open(TestCloud.STRANGER, "101")) {
      assertThat(ids(stream, 2)).containsExactly("102", "105");
    }
  }

  @Test
  void alertsOfWhatIsSpentComeInBetweenAndAreResumedToo() throws Exception {
    String account = "000000000707";
    String secret = "a-token-of-an-account-that-is-told-of-alerts";
    cloud.account(account, "alerted");
    cloud.token("tok-000000000000000e7", account, secret, "reader", false);
    transition(701, account, "i-00000000000000701");
    alert(account, 1);
    try (BufferedReader stream = open(secret, "0")) {
      assertThat(ids(stream, 2)).containsExactly("701", "701.1");
      alert(account, 2);
      assertThat(ids(stream, 1)).containsExactly("701.2");
      transition(702, account, "i-00000000000000701");
      assertThat(ids(stream, 1)).containsExactly("702.2");
    }
    alert(account, 3);
    try (BufferedReader stream = open(secret, "701.2")) {
      assertThat(ids(stream, 2)).containsExactly("702.2", "702.3");
    }
  }

  private static void alert(String account, int number) {
    cloud
        .owner
        .sql(
            """
            INSERT INTO billing.budget_alert (account_id, number, id, occasion, kind, amount, reached,
              currency, message, at)
            VALUES (?, ?, ?, ?, 'limit', 1, 1, 'USD', 'told', now())
            """)
        .params(account, number, "alr-%017x".formatted(number), "o" + number)
        .update();
    cloud.facts();
  }

  @Test
  void aStreamEndsWithItsToken() throws Exception {
    String secret = "a-token-that-is-revoked-while-it-listens";
    cloud.token("tok-000000000000000e5", TestCloud.ACCOUNT, secret, "reader", false);
    try (BufferedReader stream = open(secret, null)) {
      assertThat(stream.readLine()).isEqualTo("retry: 1000");
      cloud.send("DELETE", "/v1/tokens/tok-000000000000000e5", TestCloud.OWNER, Map.of(), null);
      cloud.facts();
      assertThat(ids(stream, 1)).isEmpty();
    }
  }

  @Test
  void aWrongIdIsRefusedByName() throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(cloud.url + "/v1/events"))
                .header("Authorization", "Bearer " + TestCloud.OWNER)
                .header("Last-Event-ID", "1;DROP")
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"field\":\"Last-Event-ID\"");
  }

  @Test
  void thePastIsReadFromTheLogs() {
    String id = cloud.launch();
    cloud
        .owner
        .sql("UPDATE compute.instance SET created_at = '2026-10-01T08:00:00Z' WHERE id = ?")
        .param(id)
        .update();
    cloud
        .owner
        .sql("UPDATE compute.intent_change SET at = '2026-10-01T08:00:00Z' WHERE instance_id = ?")
        .param(id)
        .update();
    cloud.transition(1, id, "STARTING", "2026-10-01T08:10:00Z");
    cloud.transition(2, id, "RUNNING", "2026-10-01T08:20:00Z");
    cloud
        .owner
        .sql(
            "INSERT INTO compute.intent_change VALUES (?, 2, 'STOP', 'tok-1', 'req-1',"
                + " '2026-10-01T08:30:00Z')")
        .param(id)
        .update();
    cloud.transition(3, id, "GONE", "2026-10-01T08:40:00Z");
    String[][] states = {
      {"07:59:59", ""},
      {"08:00:00", "pending"},
      {"08:10:00", "pending"},
      {"08:20:00", "running"},
      {"08:30:00", "stopping"},
      {"08:40:00", "stopped"}
    };
    for (String[] state : states) {
      String path = "/v1/instances?asOf=2026-10-01T" + state[0] + "Z";
      Answer answer = cloud.get(path);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.json().path("items").path(0).path("state").asString(""))
          .as(state[0])
          .isEqualTo(state[1]);
    }
    assertThat(cloud.get("/v1/instances?state=running&asOf=2026-10-01T08:25:00Z").body())
        .contains(id);
    assertThat(cloud.get("/v1/instances?state=stopped&asOf=2026-10-01T08:25:00Z").body())
        .doesNotContain(id);
    for (String wrong : List.of("yesterday", "2999-01-01T00:00:00Z", "-999999999-01-01T00:00Z")) {
      assertThat(cloud.get("/v1/instances?asOf=" + wrong).field()).isEqualTo("asOf");
    }
  }

  private static Answer patch(String id, String version, String body) {
    Map<String, String> headers =
        version == null
            ? Map.of("Content-Type", "application/json")
            : Map.of("Content-Type", "application/json", "If-Match", version);
    return cloud.send("PATCH", "/v1/instances/" + id, TestCloud.OPERATOR, headers, body);
  }

  @Test
  void anInstanceIsEditedByWhoHasSeenItAndResizedOnceItIsStopped() {
    String id = cloud.launch();
    String seen = cloud.get("/v1/instances/" + id).header("ETag");
    Answer named = patch(id, seen, "{\"name\":\"renamed\",\"tags\":{\"a\":\"b\"}}");
    assertThat(named.status()).as(named.body()).isEqualTo(200);
    assertThat(named.json().path("name").asString()).isEqualTo("renamed");
    Answer late = patch(id, seen, "{\"name\":\"late\"}");
    assertThat(late.status() + " " + late.code()).isEqualTo("412 version_changed");

    Answer runs = patch(id, null, "{\"type\":\"e1.small\"}");
    assertThat(runs.code() + " " + runs.field()).isEqualTo("incorrect_state type");
    cloud.post("/v1/instances/" + id + "/stop", null);
    Answer resized = patch(id, null, "{\"type\":\"e1.small\"}");
    assertThat(resized.json().path("memoryMib").asInt()).isEqualTo(512);
    assertThat(resized.json().path("name").asString()).isEqualTo("renamed");
    assertThat(resized.json().path("tags").path("a").asString()).isEqualTo("b");
    assertThat(patch(id, null, "{\"type\":\"e9.huge\"}").field()).isEqualTo("type");
  }

  @Test
  void aProtectedInstanceIsNotTerminated() {
    String id = cloud.launch();
    patch(id, null, "{\"terminationProtected\":true}");
    Answer refused = cloud.post("/v1/instances/" + id + "/terminate", null);
    assertThat(refused.status() + " " + refused.code()).isEqualTo("409 termination_protected");
    patch(id, null, "{\"terminationProtected\":false}");
    assertThat(cloud.post("/v1/instances/" + id + "/terminate", null).status()).isEqualTo(200);
    assertThat(patch(id, null, "{\"name\":\"late\"}").code()).isEqualTo("incorrect_state");
  }

  @Test
  void theDocsNameEveryOperationAndAskNoOtherHost() {
    Answer page = cloud.send("GET", "/docs", null, Map.of(), null);
    assertThat(page.status()).isEqualTo(200);
    for (Contract.Entry entry : Contract.ENTRIES) {
      assertThat(page.body()).contains("id=\"" + entry.operation().getOperationId() + "\"");
    }
    assertThat(page.body()).doesNotContain("http://", "https://", "<script");
  }
}
