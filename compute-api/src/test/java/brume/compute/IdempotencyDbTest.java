package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Asking again gives the first answer, whatever happened in between, and never a second instance.
@ExtendWith(SharedCloud.class)
final class IdempotencyDbTest {
  private static final String BODY = "{\"image\":\"debian-micro\",\"type\":\"e1.nano\"}";
  private static TestCloud cloud;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
  }

  private static int instances() {
    return cloud.owner.sql("SELECT count(*) FROM compute.instance").query(Integer.class).single();
  }

  @Test
  void theSameKeyAndMeaningGiveTheFirstAnswer() {
    Answer first = cloud.postWithKey("/v1/instances", "k-same", BODY);
    String id = first.json().path("instances").path(0).path("id").asString();
    cloud.post("/v1/instances/" + id + "/terminate", "");
    int before = instances();
    for (String again :
        List.of(
            BODY,
            "{ \"type\":\"e1.nano\",\n\"image\":\"debian-micro\" }",
            "{\"image\":\"debian-micro\",\"type\":\"e1.nano\",\"count\":1,\"tags\":{}}")) {
      Answer answer = cloud.postWithKey("/v1/instances", "k-same", again);
      assertThat(answer.status()).isEqualTo(201);
      assertThat(answer.body()).isEqualTo(first.body());
    }
    assertThat(instances()).isEqualTo(before);
  }

  @Test
  void anotherBodyOrOperationWithTheKeyIsRefused() {
    cloud.postWithKey("/v1/instances", "k-other", BODY);
    Answer body =
        cloud.postWithKey("/v1/instances", "k-other", BODY.replace("e1.nano", "e1.micro"));
    assertThat(body.status() + " " + body.code()).isEqualTo("422 idempotency_key_reused");
    String id = cloud.launch();
    Answer operation = cloud.postWithKey("/v1/instances/" + id + "/stop", "k-other", "");
    assertThat(operation.status()).isEqualTo(422);
    assertThat(cloud.postWithKey("/v1/instances/" + id + "/stop", "k-stop", "").status())
        .isEqualTo(200);
    String second = cloud.launch();
    assertThat(cloud.postWithKey("/v1/instances/" + second + "/stop", "k-stop", "").status())
        .isEqualTo(422);
  }

  @Test
  void keysBelongToOneAccount() {
    Answer mine = cloud.postWithKey("/v1/instances", "k-account", BODY);
    Answer theirs = cloud.postWithKey(TestCloud.STRANGER, "/v1/instances", "k-account", BODY);
    assertThat(theirs.status()).isEqualTo(201);
    assertThat(theirs.body()).isNotEqualTo(mine.body());
  }

  @Test
  void aRefusedRequestMayBeAskedAgain() {
    String wrong = BODY.replace("debian-micro", "later");
    assertThat(cloud.postWithKey("/v1/instances", "k-again", wrong).status()).isEqualTo(400);
    assertThat(cloud.postWithKey("/v1/instances", "k-again", BODY).status()).isEqualTo(201);
  }

  @Test
  void stopIsNotRepeatedAfterAStart() {
    String id = cloud.launch();
    Answer stopped = cloud.postWithKey("/v1/instances/" + id + "/stop", "k-once", "");
    cloud.post("/v1/instances/" + id + "/start", "");
    Answer again = cloud.postWithKey("/v1/instances/" + id + "/stop", "k-once", "");
    assertThat(again.body()).isEqualTo(stopped.body());
    assertThat(cloud.get("/v1/instances/" + id).json().path("generation").asLong()).isEqualTo(3);
  }

  @Test
  void ofManyAtOnceOneLaunchesAndAllGetItsAnswer() throws Exception {
    int before = instances();
    List<Callable<Answer>> asks = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      asks.add(() -> cloud.postWithKey("/v1/instances", "k-race", BODY));
    }
    Set<String> answers = new HashSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (Future<Answer> answer : threads.invokeAll(asks)) {
        assertThat(answer.get().status()).isEqualTo(201);
        answers.add(answer.get().body());
      }
    }
    assertThat(answers).hasSize(1);
    assertThat(instances()).isEqualTo(before + 1);
  }

  /// The row of the first request is there but not committed when the second asks; then the first
  /// vanishes, as in a crash: the second does the work.
  @Test
  void aRequestThatCrashedInTheMiddleLeavesNothing() throws Exception {
    try (Connection crashing = cloud.database.ownerDataSource().getConnection();
        Statement statement = crashing.createStatement();
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      crashing.setAutoCommit(false);
      statement.execute(
          "INSERT INTO compute.idempotent_request VALUES ('"
              + TestCloud.ACCOUNT
              + "', 'k-crash', 'runInstances', sha256('x'), 0, '', now())");
      Future<Answer> second =
          threads.submit(() -> cloud.postWithKey("/v1/instances", "k-crash", BODY));
      awaitBlocked();
      crashing.rollback();
      assertThat(second.get(30, TimeUnit.SECONDS).status()).isEqualTo(201);
    }
  }

  /// Until some transaction waits for another.
  private static void awaitBlocked() throws SQLException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < end) {
      int waiting =
          cloud
              .owner
              .sql(
                  "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                      + " AND usename = 'brume_compute'")
              .query(Integer.class)
              .single();
      if (waiting > 0) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("the second request does not wait for the first");
  }

  @Test
  void aTokensSecretIsGivenAgainAndNeverKept() {
    String body = "{\"label\":\"ci\",\"role\":\"operator\"}";
    Answer first = cloud.postWithKey("/v1/tokens", "k-token", body);
    Answer again = cloud.postWithKey("/v1/tokens", "k-token", body);
    assertThat(again.body()).isEqualTo(first.body());
    String secret = first.json().path("token").asString();
    assertThat(cloud.get(secret, "/v1/account").status()).isEqualTo(200);
    assertThat(
            cloud
                .owner
                .sql("SELECT count(*) FROM compute.idempotent_request WHERE answer LIKE ?")
                .param("%" + secret + "%")
                .query(Integer.class)
                .single())
        .isZero();
    String second = "second-owner-token-of-the-account";
    cloud.token("tok-000000000000000e1", TestCloud.ACCOUNT, second, "owner", false);
    Answer other = cloud.postWithKey(second, "/v1/tokens", "k-token", body);
    assertThat(other.status() + " " + other.code()).isEqualTo("409 secret_shown_once");
    assertThat(cloud.post("/v1/tokens", body).json().path("token").asString())
        .isNotEqualTo(cloud.post("/v1/tokens", body).json().path("token").asString());
  }

  @Test
  void anUnfitKeyIsRefused() {
    for (String key : List.of("a b", "k".repeat(129))) {
      Answer answer = cloud.postWithKey("/v1/instances", key, BODY);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.field()).isEqualTo("Idempotency-Key");
    }
  }

  @Test
  void keysAreForgottenAfterADay() {
    cloud.postWithKey("/v1/instances", "k-old", BODY);
    cloud.postWithKey("/v1/instances", "k-new", BODY);
    cloud
        .owner
        .sql(
            "UPDATE compute.idempotent_request SET created_at = created_at - interval '24 h 1 s'"
                + " WHERE key = 'k-old'")
        .update();
    try (TestCloud another = cloud.another()) {
      // A loop's first round runs when the service starts.
      await(() -> keys("k-old") == 0);
      assertThat(keys("k-new")).isEqualTo(1);
      assertThat(another.send("GET", "/v1/account", TestCloud.OWNER, Map.of(), null).status())
          .isEqualTo(200);
    }
  }

  private static int keys(String key) {
    return cloud
        .owner
        .sql("SELECT count(*) FROM compute.idempotent_request WHERE key = ?")
        .param(key)
        .query(Integer.class)
        .single();
  }

  static void await(Callable<Boolean> condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("not within 20 s");
        }
        Thread.sleep(10);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
