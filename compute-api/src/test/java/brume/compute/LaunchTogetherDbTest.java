package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Launches of one account that come at once share a transaction: nobody notices but the clock.
final class LaunchTogetherDbTest {
  private static final String NANO = "{\"image\":\"debian-micro\",\"type\":\"e1.nano\"";

  private static TestCloud cloud;
  private static int accounts;

  private String account;
  private String token;

  @BeforeAll
  static void start() {
    cloud = TestCloud.start();
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  private void newAccount(int instancesMax) {
    Answer made = cloud.post("/v1/accounts", "{\"name\":\"together-" + ++accounts + "\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    account = made.json().path("account").path("id").asString();
    token = made.json().path("ownerToken").path("token").asString();
    cloud
        .owner
        .sql("UPDATE compute.account SET instances_max = ? WHERE id = ?")
        .params(instancesMax, account)
        .update();
  }

  /// However it went, what the account holds is what is there.
  @AfterEach
  void theSumsAreTrue() {
    List<Long> sums =
        cloud
            .owner
            .sql(
                """
                SELECT (SELECT instances FROM compute.account_use WHERE account_id = :account),
                  (SELECT count(*) FROM compute.instance WHERE account_id = :account),
                  (SELECT count(*) FROM compute.intent_change c JOIN compute.instance i
                    ON i.id = c.instance_id WHERE i.account_id = :account)
                """)
            .param("account", account)
            .query((row, number) -> List.of(row.getLong(1), row.getLong(2), row.getLong(3)))
            .single();
    assertThat(new HashSet<>(sums)).as(sums.toString()).hasSize(1);
  }

  private static List<Answer> together(List<Callable<Answer>> requests) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      requests.forEach(request -> answers.add(threads.submit(request)));
      List<Answer> all = new ArrayList<>();
      for (Future<Answer> answer : answers) {
        all.add(answer.get());
      }
      return all;
    }
  }

  private Callable<Answer> launch(String key, String rest) {
    Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json"));
    if (key != null) {
      headers.put("Idempotency-Key", key);
    }
    return () -> cloud.send("POST", "/v1/instances", token, headers, NANO + rest + "}");
  }

  private static String id(Answer answer) {
    return answer.json().path("instances").path(0).path("id").asString();
  }

  @Test
  void aBadOneAmongThemIsRefusedAlone() throws Exception {
    newAccount(100);
    List<Callable<Answer>> requests = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      requests.add(launch("good-" + i, ",\"tags\":{\"n\":\"" + i + "\"}"));
    }
    String wrongType = NANO.replace("e1.nano", "e1.none");
    String wrongImage = NANO.replace("debian-micro", "no-such-image");
    for (String wrong : List.of(wrongType, wrongImage, wrongType, NANO + ",\"count\":99")) {
      requests.add(
          () -> cloud.postWithKey(token, "/v1/instances", "bad" + wrong.hashCode(), wrong + "}"));
    }
    List<Answer> answers = together(requests);
    for (int i = 0; i < 10; i++) {
      assertThat(answers.get(i).status()).as(answers.get(i).body()).isEqualTo(201);
      Answer read = cloud.get(token, "/v1/instances/" + id(answers.get(i)));
      assertThat(read.json().path("tags").path("n").asString()).isEqualTo("" + i);
    }
    assertThat(answers.subList(10, 13))
        .extracting(Answer::code)
        .containsExactly("unknown_instance_type", "unknown_image", "unknown_instance_type");
    // With ten before it or less, 99 more are too many for this account only where they came last.
    assertThat(answers.get(13).status()).isIn(201, 409);
    List<String> kept =
        cloud
            .owner
            .sql(
                "SELECT key FROM compute.idempotent_request WHERE account_id = ?"
                    + " AND (key LIKE 'bad%' OR answer = '')")
            .param(account)
            .query(String.class)
            .list();
    assertThat(kept).as("a refusal is not kept").hasSize(answers.get(13).status() == 201 ? 1 : 0);
  }

  @Test
  void sixtyFourClientsReachAQuotaExactlyThroughTwoServices() throws Exception {
    newAccount(40);
    try (TestCloud other = cloud.another()) {
      List<Callable<Answer>> requests = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        TestCloud asked = i % 2 == 0 ? cloud : other;
        requests.add(() ->
            asked.send(
                "POST",
                "/v1/instances",
                token,
                Map.of("Content-Type", "application/json"),
                NANO + "}"));
      }
      List<Answer> answers = together(requests);
      Map<Integer, Integer> counts = new HashMap<>();
      answers.forEach(answer -> counts.merge(answer.status(), 1, Integer::sum));
      assertThat(counts).isEqualTo(Map.of(201, 40, 409, 24));
      assertThat(answers.stream().filter(answer -> answer.status() == 409))
          .allMatch(answer -> answer.code().equals("quota_exceeded"));
      Set<String> ids = new HashSet<>();
      answers.stream().filter(answer -> answer.status() == 201).forEach(a -> ids.add(id(a)));
      assertThat(ids).hasSize(40);
    }
  }

  @Test
  void oneKeyManyTimesAtOnceIsOneInstanceAndEachHasAnAuditEntryOfItsOwn() throws Exception {
    newAccount(100);
    List<Callable<Answer>> requests = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      requests.add(launch("key-" + i % 4, ""));
    }
    requests.add(launch("key-0", ",\"count\":2")); // the same key for something else
    List<Answer> answers = together(requests);
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 24; i++) {
      if (answers.get(i).status() == 201) {
        ids.add(i % 4 + " " + id(answers.get(i)));
      }
    }
    long refused = answers.stream().filter(answer -> answer.status() == 422).count();
    // Whichever body with key 0 came first holds for that key.
    boolean two = answers.get(24).status() == 201;
    assertThat(refused).isEqualTo(two ? 6 : 1);
    assertThat(ids).hasSize(two ? 3 : 4);
    assertThat(
            cloud
                .owner
                .sql(
                    "SELECT count(*) FROM compute.audit_entry WHERE account_id = ?"
                        + " AND action = 'RunInstances' AND outcome = 'done'")
                .param(account)
                .query(Integer.class)
                .single())
        .isEqualTo(4);
  }

  @Test
  void whatTheDatabaseFailsTogetherIsTriedAloneSoThatOnlyTheCulpritFails() throws Exception {
    newAccount(100);
    // A name that the database alone refuses stands for a bug that no check of ours finds.
    cloud
        .owner
        .sql(
            "ALTER TABLE compute.instance ADD CONSTRAINT trap CHECK (name IS DISTINCT FROM 'trap')")
        .update();
    try {
      List<Callable<Answer>> requests = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        requests.add(launch("trapped-" + i, i == 5 ? ",\"name\":\"trap\"" : ""));
      }
      List<Answer> answers = together(requests);
      for (int i = 0; i < 12; i++) {
        assertThat(answers.get(i).status()).as(i + "").isEqualTo(i == 5 ? 500 : 201);
      }
    } finally {
      cloud.owner.sql("ALTER TABLE compute.instance DROP CONSTRAINT trap").update();
    }
    // As nothing of it was kept, the same request is done when it can be.
    Answer again = launch("trapped-5", ",\"name\":\"trap\"").call();
    assertThat(again.status()).isEqualTo(201);
  }
}
