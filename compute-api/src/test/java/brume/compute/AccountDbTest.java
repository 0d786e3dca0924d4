package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.compute.TestCloud.Answer;
import brume.db.ServiceRole;
import brume.db.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The first account, tokens, health, and what the service's own role may not do.
@ExtendWith(SharedCloud.class)
final class AccountDbTest {
  private static TestCloud cloud;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
  }

  @Test
  void theFirstStartMakesTheFirstAccountAndLaterOnesDoNot() {
    Answer account = cloud.get("/v1/account");
    assertThat(account.json().path("id").asString()).isEqualTo("000000000001");
    assertThat(account.json().path("name").asString()).isEqualTo("default");
    assertThat(account.json().path("caller").path("cloudOperator").asBoolean()).isTrue();
    assertThat(account.json().path("quotas").path("instancesMax").asInt()).isEqualTo(1000);
    int tokens = tokens();
    cloud.another().close();
    assertThat(tokens()).isEqualTo(tokens);
  }

  private static int tokens() {
    return cloud.owner.sql("SELECT count(*) FROM compute.api_token").query(Integer.class).single();
  }

  @Test
  void aWeakFirstTokenIsRefusedAtTheStart() {
    TestDatabase database = TestDatabase.fresh();
    assertThatThrownBy(() ->
            ComputeApiApplication.builder()
                .run(
                    "--server.port=0",
                    "--spring.datasource.url=" + database.url(),
                    "--spring.datasource.username=" + ServiceRole.COMPUTE.roleName(),
                    "--spring.datasource.password=" + TestDatabase.PASSWORD,
                    "--brume.bootstrap.token=short"))
        .hasMessageContaining("20 to 200");
  }

  @Test
  void tokensAreListedWithoutTheirSecrets() {
    Answer made = cloud.post("/v1/tokens", "{\"label\":\"list me\",\"role\":\"reader\"}");
    Answer list = cloud.get("/v1/tokens?limit=1");
    assertThat(list.json().path("items").path(0).path("label").asString()).isEqualTo("list me");
    assertThat(list.json().has("nextCursor")).isTrue();
    assertThat(list.body()).doesNotContain(made.json().path("token").asString());
    assertThat(made.header("Location"))
        .isEqualTo("/v1/tokens/" + made.json().path("id").asString());
  }

  @Test
  void rightsCanNotBeRaisedByMakingATokenAndTimesMustBeAhead() {
    String body = "{\"label\":\"x\",\"role\":\"owner\",\"cloudOperator\":true}";
    Answer refused =
        cloud.send(
            "POST",
            "/v1/tokens",
            TestCloud.STRANGER,
            Map.of("Content-Type", "application/json"),
            body);
    assertThat(refused.status()).isEqualTo(403);
    Answer past =
        cloud.post(
            "/v1/tokens",
            "{\"label\":\"x\",\"role\":\"owner\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}");
    assertThat(past.status() + " " + past.field()).isEqualTo("400 expiresAt");
    Answer never =
        cloud.post(
            "/v1/tokens",
            "{\"label\":\"x\",\"role\":\"owner\","
                + "\"expiresAt\":\"+999999999-12-31T23:59:59Z\"}");
    assertThat(never.status() + " " + never.field()).isEqualTo("400 expiresAt");
    Answer noTime =
        cloud.post("/v1/tokens", "{\"label\":\"x\",\"role\":\"owner\",\"expiresAt\":\"soon\"}");
    assertThat(noTime.code() + " " + noTime.field()).isEqualTo("wrong_type expiresAt");
  }

  @Test
  void theLastOwnerTokenStays() {
    String id = "tok-000000000000000f1";
    String only = "the-only-owner-token-of-its-account";
    cloud.account("000000000003", "third");
    cloud.token(id, "000000000003", only, "owner", false);
    Answer last = cloud.send("DELETE", "/v1/tokens/" + id, only, Map.of(), null);
    assertThat(last.status() + " " + last.code()).isEqualTo("409 last_owner_token");
    Answer made =
        cloud.send(
            "POST",
            "/v1/tokens",
            only,
            Map.of("Content-Type", "application/json"),
            "{\"label\":\"next\",\"role\":\"owner\"}");
    String next = made.json().path("token").asString();
    for (int i = 0; i < 2; i++) {
      assertThat(cloud.send("DELETE", "/v1/tokens/" + id, next, Map.of(), null).status())
          .isEqualTo(204);
    }
    assertThat(cloud.get(only, "/v1/account").status()).isEqualTo(401);
  }

  @Test
  void healthSaysUpAndTellsNothingElse() {
    Answer health = cloud.send("GET", "/actuator/health", null, Map.of(), null);
    assertThat(health.status()).isEqualTo(200);
    assertThat(health.json().path("status").asString()).isEqualTo("UP");
    assertThat(cloud.send("GET", "/actuator/env", null, Map.of(), null).status()).isEqualTo(404);
  }

  @Test
  void theServicesRoleMayNotWriteOthersFactsNorRewriteHistory() {
    JdbcClient own = JdbcClient.create(cloud.database.dataSource(ServiceRole.COMPUTE));
    for (String crossing :
        new String[] {
          "UPDATE scheduling.node SET ready = false",
          "SELECT * FROM scheduling.node",
          "DELETE FROM compute.intent_change",
          "SELECT * FROM billing.usage"
        }) {
      assertThatThrownBy(() -> own.sql(crossing).query(row -> {}))
          .as(crossing)
          .rootCause()
          .hasMessageContaining("permission denied");
    }
  }
}
