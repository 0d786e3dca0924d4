package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a launch would come to, with nothing changed by asking.
final class DryRunDbTest {
  private static final String PATH = "/v1/instances?dryRun=true";
  private static final String TWO =
      "{\"image\":\"debian-micro\",\"type\":\"e1.small\",\"count\":2}";

  private static StubScheduler scheduler;
  private static TestCloud cloud;

  @BeforeAll
  static void start() {
    scheduler = new StubScheduler();
    cloud = TestCloud.start("--brume.scheduler.url=" + scheduler.url());
    cloud.node(StubScheduler.NODE, "node-1", "http://127.0.0.1:1");
    cloud.prices("USD", "standard-2026", Map.of("e1.small", 10_500L));
    cloud.prices("EUR", "euro-2026", Map.of("e1.small", 9_000L));
  }

  @AfterAll
  static void stop() {
    cloud.close();
    scheduler.close();
  }

  private static Answer ask(String token, String body) {
    return cloud.send("POST", PATH, token, Map.of("Content-Type", "application/json"), body);
  }

  @Test
  void itSaysWhereWhyNotAndHowMuch() {
    JsonNode answer = ask(TestCloud.OPERATOR, TWO).json();
    assertThat(answer.path("accepted").asBoolean()).isTrue();
    assertThat(answer.path("placements").size()).isEqualTo(1);
    assertThat(answer.path("placements").path(0).path("zone").asString()).isEqualTo("a");
    assertThat(answer.path("placements").path(0).has("node"))
        .as("a node is for operators of the cloud alone")
        .isFalse();
    assertThat(answer.path("waiting").asInt()).isEqualTo(1);
    assertThat(answer.path("waitsFor").asString()).isEqualTo(StubScheduler.REASON);
    assertThat(answer.path("prices").toString())
        .isEqualTo(
            "[{\"currency\":\"EUR\",\"perHour\":\"0.018000\",\"minimumSeconds\":60,"
                + "\"priceBookId\":\"euro-2026\"},{\"currency\":\"USD\",\"perHour\":\"0.021000\","
                + "\"minimumSeconds\":60,\"priceBookId\":\"standard-2026\"}]");
    assertThat(scheduler.asked.getLast())
        .isEqualTo("{\"count\":2,\"need\":{\"vcpu\":1,\"memoryMib\":512}}");

    JsonNode owner = ask(TestCloud.OWNER, TWO).json();
    assertThat(owner.path("placements").path(0).path("node").path("name").asString())
        .isEqualTo("node-1");
    JsonNode unpriced =
        ask(TestCloud.OPERATOR, "{\"image\":\"debian-micro\",\"type\":\"e1.nano\"}").json();
    assertThat(unpriced.path("prices").size()).isZero();
    assertThat(unpriced.path("waiting").asInt()).isZero();
    assertThat(unpriced.has("waitsFor")).isFalse();
  }

  @Test
  void nothingIsChangedAndNoKeyIsUsedUp() {
    String key = "a-key-that-a-dry-run-leaves";
    List<Long> before = rows();
    Map<String, String> headers =
        Map.of("Content-Type", "application/json", "Idempotency-Key", key);
    assertThat(cloud.send("POST", PATH, TestCloud.OPERATOR, headers, TWO).status()).isEqualTo(200);
    assertThat(rows()).isEqualTo(before);
    Answer launched =
        cloud.postWithKey(
            TestCloud.OPERATOR, "/v1/instances", key, TWO.replace("e1.small", "e1.nano"));
    assertThat(launched.status()).as(launched.body()).isEqualTo(201);
  }

  /// How many rows there are of all that a launch writes.
  private static List<Long> rows() {
    return List.of(
            "compute.instance",
            "compute.instance_tag",
            "compute.idempotent_request",
            "compute.audit_entry",
            "scheduling.allocation")
        .stream()
        .map(table -> cloud.owner.sql("SELECT count(*) FROM " + table).query(Long.class).single())
        .toList();
  }

  @Test
  void quotaAndPoliciesAreToldBesideTheRest() {
    cloud
        .owner
        .sql("UPDATE compute.account SET instances_max = 1 WHERE id = ?")
        .param(TestCloud.OTHER_ACCOUNT)
        .update();
    String policy =
        "{\"name\":\"small-only\",\"effect\":\"deny\",\"actions\":[\"RunInstances\"],"
            + "\"types\":[\"e1.small\"]}";
    Answer made =
        cloud.send(
            "POST",
            "/v1/policies",
            TestCloud.STRANGER,
            Map.of("Content-Type", "application/json"),
            policy);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    JsonNode refused = ask(TestCloud.STRANGER, TWO).json();
    assertThat(refused.path("accepted").asBoolean()).isFalse();
    assertThat(refused.path("refusals").path(0).path("code").asString()).isEqualTo("forbidden");
    assertThat(refused.path("refusals").path(1).path("code").asString())
        .isEqualTo("quota_exceeded");
    assertThat(refused.path("placements").size()).isEqualTo(1);
    Answer launch =
        cloud.send(
            "POST",
            "/v1/instances",
            TestCloud.STRANGER,
            Map.of("Content-Type", "application/json"),
            TWO);
    assertThat(launch.detail())
        .isEqualTo(refused.path("refusals").path(0).path("detail").asString());
  }

  @Test
  void whatIsWrongWithTheRequestIsRefusedAsEver() {
    assertThat(ask(TestCloud.OPERATOR, "{\"image\":\"none\",\"type\":\"e1.nano\"}").field())
        .isEqualTo("image");
    assertThat(ask(TestCloud.OPERATOR, TWO.replace("2", "0")).field()).isEqualTo("count");
    assertThat(ask(TestCloud.READER, TWO).status()).isEqualTo(403);
    Answer odd =
        cloud.send(
            "POST",
            "/v1/instances?dryRun=perhaps",
            TestCloud.OPERATOR,
            Map.of("Content-Type", "application/json"),
            TWO);
    assertThat(odd.status()).isEqualTo(400);
    assertThat(odd.field()).isEqualTo("dryRun");
  }

  @Test
  void withoutASchedulerLaunchesGoOnAndTheQuestionIsPutOff() {
    try (TestCloud alone = cloud.another("--brume.scheduler.url=http://127.0.0.1:1")) {
      Answer answer =
          alone.send(
              "POST", PATH, TestCloud.OPERATOR, Map.of("Content-Type", "application/json"), TWO);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("scheduler_unavailable");
      assertThat(alone.post("/v1/instances", TWO).status()).isEqualTo(201);
    }
  }
}
