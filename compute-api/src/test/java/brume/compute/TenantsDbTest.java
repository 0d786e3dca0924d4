package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/// Two tenants, one of whom knows everything that the other ever saw (ids, cursors, keys, names)
/// and tries it all: nothing is learned by it, not even that a thing exists.
@ExtendWith(SharedCloud.class)
final class TenantsDbTest {
  private static TestCloud cloud;
  private static String victim;
  private static String attacker;
  private static String instance;
  private static String token;
  private static String key;
  private static String user;
  private static String policy;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    victim = account("victim");
    attacker = account("attacker");
    instance =
        ask(
                victim,
                "POST",
                "/v1/instances",
                "{\"image\":\"debian-micro\",\"type\":\"e1.nano\",\"name\":\"secret-name\","
                    + "\"tags\":{\"secret-tag\":\"x\"}}")
            .json()
            .path("instances")
            .path(0)
            .path("id")
            .asString();
    token = made("/v1/tokens", "{\"label\":\"v\",\"role\":\"reader\"}");
    key = made("/v1/access-keys", "{\"label\":\"v\",\"role\":\"reader\"}");
    user = made("/v1/users", "{\"name\":\"victim\",\"role\":\"reader\"}");
    policy = made("/v1/policies", "{\"name\":\"v\",\"effect\":\"deny\",\"actions\":[\"NoSuch\"]}");
  }

  private static String account(String name) {
    Answer made = cloud.post("/v1/accounts", "{\"name\":\"" + name + "\"}");
    return made.json().path("ownerToken").path("token").asString();
  }

  private static String made(String path, String body) {
    Answer made = ask(victim, "POST", path, body);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json().path("id").asString();
  }

  private static Answer ask(String who, String method, String path, String body) {
    Map<String, String> headers =
        body == null ? Map.of() : Map.of("Content-Type", "application/json");
    return cloud.send(method, path, who, headers, body);
  }

  /// Each operation on one thing, with a body that would do.
  private static final List<String[]> OPERATIONS =
      List.of(
          new String[] {"GET", "/v1/instances/{i}", null},
          new String[] {"PATCH", "/v1/instances/{i}", "{\"name\":\"mine\"}"},
          new String[] {"PATCH", "/v1/instances/{i}", "{\"type\":\"no.such\"}"},
          new String[] {"POST", "/v1/instances/{i}/start", null},
          new String[] {"POST", "/v1/instances/{i}/stop", null},
          new String[] {"POST", "/v1/instances/{i}/reboot", null},
          new String[] {"POST", "/v1/instances/{i}/terminate", null},
          new String[] {"GET", "/v1/instances/{i}/console", null},
          new String[] {"GET", "/v1/instances/{i}/transitions", null},
          new String[] {"DELETE", "/v1/tokens/{t}", null},
          new String[] {"POST", "/v1/tokens/{t}/rotate", "{}"},
          new String[] {"DELETE", "/v1/access-keys/{k}", null},
          new String[] {"POST", "/v1/access-keys/{k}/rotate", "{}"},
          new String[] {"PATCH", "/v1/users/{u}", "{\"role\":\"owner\"}"},
          new String[] {"DELETE", "/v1/users/{u}", null},
          new String[] {"GET", "/v1/policies/{p}", null},
          new String[] {"DELETE", "/v1/policies/{p}", null},
          new String[] {
            "PUT",
            "/v1/policies/{p}",
            "{\"name\":\"n\",\"effect\":\"deny\",\"actions\":[\"NoSuch\"]}"
          },
          new String[] {"GET", "/v1/audit?resource={i}", null},
          new String[] {"GET", "/v1/audit?principal={t}", null},
          new String[] {
            "POST", "/v1/tokens", "{\"label\":\"x\",\"role\":\"reader\",\"userId\":\"{u}\"}"
          },
          new String[] {
            "POST", "/v1/access-keys", "{\"label\":\"x\",\"role\":\"reader\",\"userId\":\"{u}\"}"
          });

  @TestFactory
  Stream<DynamicTest> whatIsAnothersAnswersLikeWhatNeverWas() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String[] operation : OPERATIONS) {
      tests.add(
          DynamicTest.dynamicTest(
              operation[0] + " " + operation[1] + " " + operation[2],
              () -> {
                Answer theirs = ask(attacker, operation[0], real(operation[1]), real(operation[2]));
                Answer none = ask(attacker, operation[0], fake(operation[1]), fake(operation[2]));
                assertThat(theirs.status()).isEqualTo(none.status());
                assertThat(bare(theirs)).isEqualTo(bare(none));
              }));
    }
    return tests.stream();
  }

  private static String real(String text) {
    return text == null
        ? null
        : text.replace("{i}", instance)
            .replace("{t}", token)
            .replace("{k}", key)
            .replace("{u}", user)
            .replace("{p}", policy);
  }

  private static String fake(String text) {
    return text == null
        ? null
        : text.replace("{i}", "i-0000000000000beef")
            .replace("{t}", "tok-0000000000000beef")
            .replace("{k}", "AKIANEVERNEVERNEVERX")
            .replace("{u}", "usr-0000000000000beef")
            .replace("{p}", "pol-0000000000000beef");
  }

  /// The answer without the ids that were asked for and the request's own.
  private static String bare(Answer answer) {
    return answer
        .body()
        .replaceAll("\"requestId\":\"[^\"]*\"", "")
        .replaceAll("(i|tok|usr|pol|req)-[0-9a-f]{17}|AKIA[A-Z2-7]{16}", "ID");
  }

  @Test
  void noListOrFilterFindsAnythingOfAnothers() {
    for (String path :
        List.of(
            "/v1/instances",
            "/v1/instances?name=secret-name",
            "/v1/instances?tag=secret-tag",
            "/v1/instances?tag=secret-tag%3Dx",
            "/v1/instances?asOf=2026-11-22T00:00:00Z",
            "/v1/users",
            "/v1/access-keys",
            "/v1/policies",
            "/v1/audit")) {
      Answer answer = ask(attacker, "GET", path, null);
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(answer.body())
          .as(path)
          .doesNotContain("secret", instance, token, key, user, policy);
    }
    assertThat(ask(attacker, "GET", "/v1/tokens", null).body()).doesNotContain(token);
    assertThat(ask(attacker, "GET", "/v1/audit/export?format=csv", null).body())
        .doesNotContain(instance, token, key, user, policy);
  }

  @Test
  void anothersCursorIsOnlyAPlaceInOnesOwnList() {
    for (int i = 0; i < 2; i++) {
      made("/v1/tokens", "{\"label\":\"more\",\"role\":\"reader\"}");
    }
    Answer page = ask(victim, "GET", "/v1/tokens?limit=1", null);
    String cursor = page.json().path("nextCursor").asString();
    Answer theirs = ask(attacker, "GET", "/v1/tokens?limit=100&cursor=" + cursor, null);
    assertThat(theirs.status()).isEqualTo(200);
    assertThat(theirs.body()).doesNotContain("\"v\"", "\"more\"", token);
  }

  @Test
  void anothersIdempotencyKeyIsOnesOwnFirstUseOfIt() {
    String body = "{\"image\":\"debian-micro\",\"type\":\"e1.nano\"}";
    Answer first = cloud.postWithKey(victim, "/v1/instances", "shared-key", body);
    Answer theirs = cloud.postWithKey(attacker, "/v1/instances", "shared-key", body);
    assertThat(theirs.status()).isEqualTo(201);
    assertThat(theirs.json().path("reservationId").asString())
        .isNotEqualTo(first.json().path("reservationId").asString());
    // And one that differs is no conflict with the other's.
    String other = body.replace("nano", "micro");
    cloud.postWithKey(victim, "/v1/instances", "second-key", body);
    assertThat(cloud.postWithKey(attacker, "/v1/instances", "second-key", other).status())
        .isEqualTo(201);
    // A token made with a key is derived from the maker's own bearer token, and so never the same.
    String make = "{\"label\":\"k\",\"role\":\"reader\"}";
    Answer secret = cloud.postWithKey(victim, "/v1/tokens", "token-key", make);
    Answer guess = cloud.postWithKey(attacker, "/v1/tokens", "token-key", make);
    assertThat(guess.json().path("token")).isNotEqualTo(secret.json().path("token"));
  }
}
