package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Policies, scopes, people and suspension, as they bind requests; each test in an account of its
/// own, which an operator of the cloud makes for it.
@ExtendWith(SharedCloud.class)
final class PolicyDbTest {
  private TestCloud cloud;
  private String account;
  private String owner;

  @BeforeEach
  void anAccount() {
    cloud = SharedCloud.get();
    Answer made = cloud.post("/v1/accounts", "{\"name\":\"policies\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    account = made.json().path("account").path("id").asString();
    owner = made.json().path("ownerToken").path("token").asString();
  }

  private Answer ask(String method, String path, String body) {
    return ask(owner, method, path, body);
  }

  private Answer ask(String token, String method, String path, String body) {
    Map<String, String> json = Map.of("Content-Type", "application/json");
    return cloud.send(method, path, token, body == null ? Map.of() : json, body);
  }

  private Answer run(String token, String type, String tags) {
    String body = "{\"image\":\"debian-micro\",\"type\":\"" + type + "\",\"tags\":" + tags + "}";
    return ask(token, "POST", "/v1/instances", body);
  }

  private String policy(String body) {
    Answer made = ask("POST", "/v1/policies", body);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return "/v1/policies/" + made.json().path("id").asString();
  }

  private String token(String body) {
    Answer made = ask("POST", "/v1/tokens", body);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json().path("token").asString();
  }

  @Test
  void anAllowanceLimitsLaunchesToItsTypesAndOthersAddToIt() {
    policy(
        "{\"name\":\"small\",\"effect\":\"allow\",\"actions\":[\"Run*\"],\"types\":[\"e1.n*\"]}");
    assertThat(run(owner, "e1.nano", "{}").status()).isEqualTo(201);
    Answer refused = run(owner, "e1.micro", "{}");
    assertThat(refused.status() + " " + refused.code()).isEqualTo("403 forbidden");
    assertThat(refused.detail()).contains("RunInstances").contains("'small' type e1.n*");
    String more =
        policy(
            "{\"name\":\"blue\",\"effect\":\"allow\",\"actions\":[\"RunInstances\"],"
                + "\"tags\":{\"team\":\"bl?e\"}}");
    assertThat(run(owner, "e1.micro", "{\"team\":\"blue\"}").status()).isEqualTo(201);
    assertThat(run(owner, "e1.micro", "{\"team\":\"red\"}").status()).isEqualTo(403);
    assertThat(ask("DELETE", more, null).status()).isEqualTo(204);
    assertThat(run(owner, "e1.micro", "{\"team\":\"blue\"}").status()).isEqualTo(403);
  }

  @Test
  void aDenialByTagKeepsWhatHasIt() {
    String kept = id(run(owner, "e1.nano", "{\"env\":\"prod\"}"));
    String other = id(run(owner, "e1.nano", "{\"env\":\"test\"}"));
    policy(
        "{\"name\":\"keep\",\"effect\":\"deny\",\"actions\":[\"Terminate*\",\"Stop*\"],"
            + "\"tags\":{\"env\":\"prod\"}}");
    assertThat(ask("POST", "/v1/instances/" + kept + "/terminate", null).status()).isEqualTo(403);
    assertThat(ask("POST", "/v1/instances/" + kept + "/stop", null).status()).isEqualTo(403);
    assertThat(ask("POST", "/v1/instances/" + other + "/terminate", null).status()).isEqualTo(200);
    assertThat(ask("GET", "/v1/instances/" + kept, null).json().path("state").asString())
        .isEqualTo("pending");
  }

  private static String id(Answer launched) {
    return launched.json().path("instances").path(0).path("id").asString();
  }

  @Test
  void aDenialOfEverythingStillLeavesTheOwnerTheMeansToTakeItBack() {
    String all = policy("{\"name\":\"all\",\"effect\":\"deny\",\"actions\":[\"*\"]}");
    assertThat(ask("GET", "/v1/instances", null).status()).isEqualTo(403);
    assertThat(run(owner, "e1.nano", "{}").status()).isEqualTo(403);
    assertThat(ask("DELETE", all, null).status()).isEqualTo(204);
    assertThat(ask("GET", "/v1/instances", null).status()).isEqualTo(200);
  }

  @Test
  void aPolicyIsReplacedOnlyByWhoHasSeenIt() {
    String body = "{\"name\":\"a\",\"effect\":\"deny\",\"actions\":[\"RunInstances\"]}";
    String path = policy(body);
    String seen = ask("GET", path, null).header("ETag");
    String changed = body.replace("RunInstances", "StartInstances");
    for (int status : new int[] {200, 412}) {
      Answer answer =
          cloud.send(
              "PUT",
              path,
              owner,
              Map.of("Content-Type", "application/json", "If-Match", seen),
              changed);
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }
    assertThat(run(owner, "e1.nano", "{}").status()).isEqualTo(201);
    Answer taken = ask("POST", "/v1/policies", body);
    assertThat(taken.status() + " " + taken.code()).isEqualTo("409 name_taken");
  }

  @Test
  void aPersonIsChangedAndRemovedOnlyByWhoHasSeenThem() {
    Answer made = ask("POST", "/v1/users", "{\"name\":\"seen\",\"role\":\"reader\"}");
    String path = "/v1/users/" + made.json().path("id").asString();
    Map<String, String> seen =
        Map.of("Content-Type", "application/json", "If-Match", made.header("ETag"));
    for (int status : new int[] {200, 412}) {
      Answer answer = cloud.send("PATCH", path, owner, seen, "{\"role\":\"operator\"}");
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }
    assertThat(cloud.send("DELETE", path, owner, seen, null).status()).isEqualTo(412);
    Answer listed = ask("GET", "/v1/users?limit=1000", null);
    String version =
        listed.json().path("items").values().stream()
            .filter(user -> path.endsWith(user.path("id").asString()))
            .findFirst()
            .orElseThrow()
            .path("version")
            .asString();
    Map<String, String> now = Map.of("If-Match", "\"" + version + "\"");
    assertThat(cloud.send("DELETE", path, owner, now, null).status()).isEqualTo(204);
  }

  @Test
  void aScopedTokenDoesWhatItsScopesSayAndMakesNoTokens() {
    String scoped =
        token("{\"label\":\"s\",\"role\":\"owner\",\"scopes\":[\"Describe*\",\"CreateToken\"]}");
    assertThat(ask(scoped, "GET", "/v1/instances", null).status()).isEqualTo(200);
    assertThat(run(scoped, "e1.nano", "{}").status()).isEqualTo(403);
    assertThat(ask(scoped, "GET", "/v1/tokens", null).status()).isEqualTo(403);
    Answer more = ask(scoped, "POST", "/v1/tokens", "{\"label\":\"t\",\"role\":\"reader\"}");
    assertThat(more.status()).isEqualTo(403);
    assertThat(more.detail()).contains("without scopes");
  }

  @Test
  void aPersonsTokensFollowThePersonsRoleAndGoWithThePerson() {
    Answer made = ask("POST", "/v1/users", "{\"name\":\"ada\",\"role\":\"operator\"}");
    String id = made.json().path("id").asString();
    Answer tooMuch =
        ask("POST", "/v1/tokens", "{\"label\":\"t\",\"role\":\"owner\",\"userId\":\"" + id + "\"}");
    assertThat(tooMuch.status() + " " + tooMuch.field()).isEqualTo("400 role");
    String hers = token("{\"label\":\"t\",\"role\":\"operator\",\"userId\":\"" + id + "\"}");
    assertThat(run(hers, "e1.nano", "{}").status()).isEqualTo(201);
    ask("PATCH", "/v1/users/" + id, "{\"role\":\"reader\"}");
    assertThat(run(hers, "e1.nano", "{}").status()).isEqualTo(403);
    assertThat(ask(hers, "GET", "/v1/instances", null).status()).isEqualTo(200);
    assertThat(ask("DELETE", "/v1/users/" + id, null).status()).isEqualTo(204);
    assertThat(ask(hers, "GET", "/v1/instances", null).status()).isEqualTo(401);
    assertThat(ask("POST", "/v1/users", "{\"name\":\"ada\",\"role\":\"reader\"}").status())
        .isEqualTo(201);
  }

  @Test
  void aSuspendedAccountLooksAndChangesNothing() {
    String id = id(run(owner, "e1.nano", "{}"));
    String path = "/v1/accounts/" + account;
    assertThat(ask(TestCloud.OWNER, "PATCH", path, "{\"suspended\":true}").status()).isEqualTo(200);
    assertThat(ask("GET", "/v1/instances/" + id, null).status()).isEqualTo(200);
    Answer refused = run(owner, "e1.nano", "{}");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail()).contains("suspended");
    ask(TestCloud.OWNER, "PATCH", path, "{\"suspended\":false}");
    assertThat(run(owner, "e1.nano", "{}").status()).isEqualTo(201);
    Answer own =
        ask(TestCloud.OWNER, "PATCH", "/v1/accounts/" + TestCloud.ACCOUNT, "{\"suspended\":true}");
    assertThat(own.status() + " " + own.code()).isEqualTo("409 own_account");
  }

  @Test
  void anOperatorRaisesQuotasAndTheRefusalSaysWhoCan() {
    String path = "/v1/accounts/" + account;
    ask(TestCloud.OWNER, "PATCH", path, "{\"quotas\":{\"vcpuMax\":1}}");
    assertThat(run(owner, "e1.nano", "{}").status()).isEqualTo(201);
    Answer refused = run(owner, "e1.nano", "{}");
    assertThat(refused.code() + " " + refused.field()).isEqualTo("quota_exceeded count");
    assertThat(refused.detail())
        .contains("may hold 1 vCPU and holds 1: 1 more do not fit")
        .contains("operator for a higher quota");
    ask(TestCloud.OWNER, "PATCH", path, "{\"quotas\":{\"vcpuMax\":2}}");
    assertThat(run(owner, "e1.nano", "{}").status()).isEqualTo(201);
    assertThat(ask("GET", "/v1/account", null).json().path("quotas").path("vcpuMax").asInt())
        .isEqualTo(2);
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeBackAndOthersAreNotHeldUp() {
    ask(
        TestCloud.OWNER,
        "PATCH",
        "/v1/accounts/" + account,
        "{\"quotas\":{\"requestsPerSecondMax\":1}}");
    Answer limited = null;
    for (int i = 0; i < 200 && (limited == null || limited.status() != 429); i++) {
      limited = ask("GET", "/v1/account", null);
    }
    assertThat(limited.status() + " " + limited.code()).isEqualTo("429 rate_limited");
    assertThat(limited.header("Retry-After")).isEqualTo("1");
    assertThat(cloud.get("/v1/account").status()).isEqualTo(200);
  }

  @Test
  void whatWasChangedAndWhatWasRefusedIsInTheTrail() {
    String id = id(run(owner, "e1.nano", "{}"));
    ask("POST", "/v1/instances/" + id + "/stop", null);
    String reader = token("{\"label\":\"r\",\"role\":\"reader\"}");
    Answer refused = ask(reader, "POST", "/v1/instances/" + id + "/terminate", null);
    Answer trail = ask("GET", "/v1/audit?resource=" + id, null);
    assertThat(trail.json().path("items").findValuesAsString("action"))
        .containsExactly("StopInstances", "RunInstances");
    Answer refusals = ask("GET", "/v1/audit?outcome=refused&limit=1", null);
    var entry = refusals.json().path("items").path(0);
    assertThat(entry.path("action").asString()).isEqualTo("TerminateInstances");
    assertThat(entry.path("code").asString()).isEqualTo("forbidden");
    assertThat(entry.path("requestId").asString()).isEqualTo(refused.header("x-request-id"));
    assertThat(entry.path("from").asString()).isEqualTo("127.0.0.1");
    // Looking leaves no trace, and another account sees none of it.
    assertThat(trail.body()).doesNotContain("Describe");
    assertThat(cloud.get("/v1/audit?limit=1000").body()).doesNotContain(id);
  }

  @Test
  void theTrailIsExportedInBothForms() {
    String id = id(run(owner, "e1.nano", "{\"k\":\"v\"}"));
    policy("{\"name\":\"=1+1\",\"effect\":\"deny\",\"actions\":[\"RunInstances\"]}");
    run(owner, "e1.nano", "{}");
    Answer csv = ask("GET", "/v1/audit/export?format=csv", null);
    assertThat(csv.status()).as(csv.body()).isEqualTo(200);
    assertThat(csv.header("Content-Type")).startsWith("text/csv");
    assertThat(csv.body().lines().findFirst().orElseThrow()).startsWith("\"id\",\"at\",\"action\"");
    assertThat(csv.body()).contains(id).contains("\"refused\",\"forbidden\"");
    Answer lines = ask("GET", "/v1/audit/export?format=jsonl&action=RunInstances", null);
    assertThat(lines.body().lines().map(line -> TestCloud.JSON.readTree(line)))
        .hasSize(2)
        .allMatch(line -> line.path("action").asString().equals("RunInstances"));
    assertThat(ask("GET", "/v1/audit/export?format=xml", null).field()).isEqualTo("format");
  }
}
