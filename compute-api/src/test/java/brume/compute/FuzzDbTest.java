package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Requests made from the contract and then bent: wrong types, huge, missing, doubled, unknown,
/// strange letters. None is answered with a fault of ours, every refusal of a value names the
/// field, and nothing changes where the answer was not 2xx.
///
/// `-Dbrume.test.fuzz.requests=100000` sends more, `-Dbrume.test.fuzz.seed=N` the same again.
@ExtendWith(SharedCloud.class)
final class FuzzDbTest {
  private static final int REQUESTS = Integer.getInteger("brume.test.fuzz.requests", 2000);
  private static final long SEED = Long.getLong("brume.test.fuzz.seed", 20_261_122L);

  /// What has no one field at fault: the request as a whole is not to be read.
  private static final Set<String> WHOLE =
      Set.of("malformed_json", "malformed_request", "path_not_found");

  private final Random random = new Random(SEED);
  private final FuzzValues values = new FuzzValues(random);
  private final Set<String> succeeded = new HashSet<>();
  private final Map<Integer, Integer> counts = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();
  private TestCloud cloud;
  private String account;
  private String owner;

  @Test
  void nothingThatIsSentIsAFaultOfOurs() {
    cloud = SharedCloud.get();
    Answer made = cloud.post("/v1/accounts", "{\"name\":\"fuzz\"}");
    account = made.json().path("account").path("id").asString();
    owner = made.json().path("ownerToken").path("token").asString();
    values.know("instanceId", launch(owner));
    values.know("instanceId", cloud.launch());
    // Another one than its own, which it would soon have replaced.
    values.know("tokenId", token());
    values.know("accessKeyId", TestCloud.ACCESS_KEY);
    // Not one that other classes launch in: its quotas and name become anything.
    Answer other = cloud.post("/v1/accounts", "{\"name\":\"fuzzed\"}");
    values.know("accountId", other.json().path("account").path("id").asString());
    List<Contract.Entry> entries =
        Contract.ENTRIES.stream().filter(entry -> !isElsewhere(entry)).toList();
    System.out.println("fuzz seed " + SEED + ", " + REQUESTS + " requests");
    for (int i = 0; i < REQUESTS && faults.size() < 20; i++) {
      send(entries.get(random.nextInt(entries.size())));
    }
    assertThat(faults).isEmpty();
    System.out.println("answers by status: " + counts);
    assertThat(changes()).isSubsetOf(succeeded);
    assertThat(counts.keySet()).contains(200, 201, 400, 404).doesNotContain(401);
  }

  /// Billing's are another service's, and a stream that is let in does not end.
  private static boolean isElsewhere(Contract.Entry entry) {
    return entry.isForwarded() || entry.path().equals("/v1/events");
  }

  private String launch(String token) {
    String body = "{\"image\":\"debian-micro\",\"type\":\"e1.nano\"}";
    Answer answer =
        cloud.send(
            "POST", "/v1/instances", token, Map.of("Content-Type", "application/json"), body);
    succeeded.add(answer.header("x-request-id"));
    return answer.json().path("instances").path(0).path("id").asString();
  }

  private String token() {
    Answer answer =
        cloud.send(
            "POST",
            "/v1/tokens",
            owner,
            Map.of("Content-Type", "application/json"),
            "{\"label\":\"fuzz\",\"role\":\"reader\"}");
    succeeded.add(answer.header("x-request-id"));
    return answer.json().path("id").asString();
  }

  private void send(Contract.Entry entry) {
    boolean operator = entry.right().equals("cloud-operator");
    String path = entry.path();
    StringBuilder query = new StringBuilder();
    Map<String, String> headers = new LinkedHashMap<>();
    for (Parameter parameter : entry.parameters("path")) {
      String value = values.path(parameter.getName(), parameter.getSchema());
      path = path.replace("{" + parameter.getName() + "}", encoded(value));
    }
    for (Parameter parameter : entry.parameters("query")) {
      if (random.nextInt(4) == 0) {
        boolean time = parameter.getName().equals("timeout");
        String value = time ? "0s" : values.text(parameter.getSchema());
        append(query, parameter.getName(), value);
        if (parameter.getName().equals("wait")) {
          append(query, "timeout", "0s");
        }
      }
    }
    if (random.nextInt(20) == 0) {
      append(query, values.word(), values.word());
    }
    for (Parameter parameter : entry.parameters("header")) {
      if (random.nextInt(4) == 0) {
        headers.put(parameter.getName(), values.header());
      }
    }
    String body = null;
    if (entry.operation().getRequestBody() != null) {
      headers.put("Content-Type", random.nextInt(30) == 0 ? "text/plain" : "application/json");
      Schema<?> schema =
          entry.operation().getRequestBody().getContent().get("application/json").getSchema();
      body = random.nextInt(40) == 0 ? values.garbage() : values.json(schema);
    }
    String target = path + (query.isEmpty() ? "" : "?" + query);
    String shown = entry.method() + " " + target + " " + headers + " " + body;
    Answer answer;
    try {
      answer =
          cloud.send(entry.method(), target, operator ? TestCloud.OWNER : owner, headers, body);
    } catch (AssertionError e) {
      faults.add("seed " + SEED + ": " + shown + " → " + e.getMessage());
      return;
    }
    judge(shown, answer);
    if (entry.right().equals("anybody") && answer.status() == 401) {
      return; // no token that was made up signs anybody in
    }
    counts.merge(answer.status(), 1, Integer::sum);
  }

  private void judge(String shown, Answer answer) {
    String said = "seed " + SEED + ": " + shown + " → " + answer.status() + " " + answer.body();
    if (answer.status() >= 500
        || answer.body().contains("Exception")
        || answer.body().contains("\tat ")) {
      faults.add(said);
    }
    if (answer.status() < 300) {
      succeeded.add(answer.header("x-request-id"));
      return;
    }
    boolean whole = WHOLE.contains(answer.code()) || answer.detail().startsWith("the body ");
    boolean about = answer.status() == 400 || answer.status() == 404;
    if (answer.detail().isBlank() || (about && !whole && !answer.json().has("field"))) {
      faults.add(said);
    }
  }

  private static void append(StringBuilder query, String name, String value) {
    query.append(query.isEmpty() ? "" : "&");
    query.append(encoded(name)).append('=').append(encoded(value));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// The requests that changed something of the account, by both of the logs that say so.
  private Set<String> changes() {
    return new HashSet<>(
        cloud
            .owner
            .sql(
                """
                SELECT request_id FROM compute.audit_entry
                WHERE account_id = :account AND outcome = 'done'
                UNION
                SELECT c.request_id FROM compute.intent_change c
                JOIN compute.instance i ON i.id = c.instance_id WHERE i.account_id = :account
                """)
            .param("account", account)
            .query(String.class)
            .list());
  }
}
