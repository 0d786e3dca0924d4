package brume.compute;

import static brume.compute.Ec2Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import brume.compute.instance.SpendingStopCommands;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import tools.jackson.databind.JsonNode;

/// What both doors do with an account of which billing says that it may spend no more.
@ExtendWith(SharedCloud.class)
final class SpendingStopDbTest {
  private static final String ONE = "{\"image\":\"debian-micro\",\"type\":\"e1.nano\"}";
  private static final String DETAIL = "the account has spent USD 10.000001 of its limit of 10.00";

  private static TestCloud cloud;
  private static String account;
  private static String token;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    JsonNode made = cloud.post("/v1/accounts", "{\"name\":\"spender\"}").json();
    account = made.path("account").path("id").asString();
    token = made.path("ownerToken").path("token").asString();
  }

  @BeforeEach
  void lift() {
    cloud.owner.sql("DELETE FROM billing.spending WHERE account_id = ?").param(account).update();
  }

  /// As billing would have found it.
  private static void stop(boolean instances) {
    cloud
        .owner
        .sql(
            """
            INSERT INTO billing.spending (account_id, limit_amount, stops_instances, refusal,
              refusal_detail)
            VALUES (?, 10, ?, 'spending_limit_reached', ?)
            ON CONFLICT (account_id) DO UPDATE SET stops_instances = excluded.stops_instances
            """)
        .params(account, instances, DETAIL)
        .update();
  }

  private static Answer post(String path, String body) {
    return cloud.send("POST", path, token, Map.of("Content-Type", "application/json"), body);
  }

  private static String launch() {
    Answer answer = post("/v1/instances", ONE);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().path("instances").path(0).path("id").asString();
  }

  private static void assertSpent(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(402);
    assertThat(answer.code()).isEqualTo("spending_limit_reached");
    assertThat(answer.json().path("detail").asString()).isEqualTo(DETAIL);
  }

  @Test
  void launchesAndStartsAreRefusedAndAllElseGoesOn() {
    String stopped = launch();
    String running = launch();
    assertThat(post("/v1/instances/" + stopped + "/stop", "").status()).isEqualTo(200);
    stop(false);
    assertSpent(post("/v1/instances", ONE));
    assertSpent(post("/v1/instances/" + stopped + "/start", ""));
    JsonNode forecast = post("/v1/instances?dryRun=true", ONE).json();
    assertThat(forecast.path("accepted").asBoolean()).isFalse();
    assertThat(forecast.path("refusals").path(0).path("code").asString())
        .isEqualTo("spending_limit_reached");
    assertThat(post("/v1/instances/" + running + "/start", "").status())
        .as("what runs is started already")
        .isEqualTo(200);
    cloud.context.getBean(SpendingStopCommands.class).round();
    assertThat(reason(running)).isNotEqualTo("spending_stop");
    assertThat(post("/v1/instances/" + running + "/terminate", "").status()).isEqualTo(200);
    lift();
    assertThat(post("/v1/instances/" + stopped + "/start", "").status()).isEqualTo(200);
  }

  @Test
  void theEc2DoorRefusesTheSame() {
    Ec2Clients clients = new Ec2Clients(cloud);
    try (Ec2Client ec2 = clients.ec2(clients.credentials(token, "owner"), Ec2Clients.REGION)) {
      String id = launch();
      post("/v1/instances/" + id + "/stop", "");
      stop(false);
      assertThat(
              refusal(() ->
                  ec2.runInstances(order ->
                      order
                          .imageId("ami-00000000000000001")
                          .instanceType("e1.nano")
                          .minCount(1)
                          .maxCount(1))))
          .isEqualTo("Blocked: " + DETAIL);
      assertThat(refusal(() -> ec2.startInstances(order -> order.instanceIds(id))))
          .isEqualTo("Blocked: " + DETAIL);
    }
  }

  @Test
  void whatRunsIsStoppedWhereTheAccountChoseSo() {
    String id = launch();
    stop(true);
    cloud.context.getBean(SpendingStopCommands.class).round();
    JsonNode instance = cloud.get(token, "/v1/instances/" + id).json();
    assertThat(instance.path("state").asString()).isEqualTo("stopped");
    assertThat(instance.path("stateReason").path("code").asString()).isEqualTo("spending_stop");
    assertThat(instance.path("stateReason").path("message").asString()).contains(DETAIL);
    lift();
    cloud.context.getBean(SpendingStopCommands.class).round();
    assertThat(post("/v1/instances/" + id + "/start", "").status()).isEqualTo(200);
    assertThat(cloud.get(token, "/v1/instances/" + id).json().path("state").asString())
        .isEqualTo("pending");
  }

  private static String reason(String id) {
    return cloud
        .get(token, "/v1/instances/" + id)
        .json()
        .path("stateReason")
        .path("code")
        .asString();
  }
}
