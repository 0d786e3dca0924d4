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

/// Every operation of the contract, asked by everyone who may not: a new operation is asked without
/// anyone having to think of it.
@ExtendWith(SharedCloud.class)
final class AccessDbTest {
  private static final String CLOUD_READER = "reader-token-of-a-cloud-operator";
  private static final String BILLING = "billing-token-of-the-first-account";

  private static final String USER = "usr-000000000000000a1";
  private static final String POLICY = "pol-000000000000000a1";

  private static TestCloud cloud;
  private static String instance;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    cloud.token("tok-000000000000000c1", TestCloud.ACCOUNT, CLOUD_READER, "reader", true);
    cloud.token("tok-000000000000000c2", TestCloud.ACCOUNT, BILLING, "billing", false);
    cloud
        .owner
        .sql(
            "INSERT INTO compute.account_user (id, account_id, name, role, created_at)"
                + " VALUES (?, ?, 'matrix', 'reader', now())")
        .params(USER, TestCloud.ACCOUNT)
        .update();
    cloud
        .owner
        .sql(
            "INSERT INTO compute.policy (id, account_id, name, effect, actions, created_at)"
                + " VALUES (?, ?, 'matrix', 'deny', 'NoSuchAction', now())")
        .params(POLICY, TestCloud.ACCOUNT)
        .update();
    instance = cloud.launch();
  }

  private static Answer ask(Contract.Entry entry, String token) {
    String path =
        entry
            .path()
            .replace("{instanceId}", instance)
            .replace("{tokenId}", "tok-000000000000000a2")
            .replace("{accessKeyId}", TestCloud.ACCESS_KEY)
            .replace("{userId}", USER)
            .replace("{policyId}", POLICY)
            .replace("{accountId}", TestCloud.OTHER_ACCOUNT)
            .replaceAll("\\{[^}]*}", "none");
    boolean body = entry.operation().getRequestBody() != null;
    return cloud.send(
        entry.method(),
        path,
        token,
        body ? Map.of("Content-Type", "application/json") : Map.of(),
        body ? "{}" : null);
  }

  @TestFactory
  Stream<DynamicTest> everyOperationAsksWhoAndWhether() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Contract.Entry entry : Contract.ENTRIES) {
      if (entry.right().equals("anybody")) {
        continue; // SessionDbTest has signing in and out
      }
      for (String token : new String[] {null, "", "wrong-token-wrong-token"}) {
        tests.add(
            DynamicTest.dynamicTest(
                entry.name() + " as " + (token == null ? "nobody" : "'" + token + "'"),
                () -> {
                  Answer answer = ask(entry, token);
                  assertThat(answer.status()).isEqualTo(401);
                  assertThat(answer.code()).isEqualTo("unauthenticated");
                  assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
                }));
      }
      for (String token : tooLittle(entry.right())) {
        tests.add(
            DynamicTest.dynamicTest(
                entry.name() + " as " + token,
                () -> {
                  Answer answer = ask(entry, token);
                  assertThat(answer.status()).as(answer.body()).isEqualTo(403);
                  assertThat(answer.code()).isEqualTo("forbidden");
                }));
      }
      if (entry.path().contains("{")
          && !entry.right().equals("cloud-operator")
          && !entry.isForwarded()) {
        tests.add(
            DynamicTest.dynamicTest(
                entry.name() + " of another account",
                () -> {
                  Answer answer = ask(entry, TestCloud.STRANGER);
                  assertThat(answer.status()).as(answer.body()).isEqualTo(404);
                }));
      }
    }
    assertThat(tests).hasSizeGreaterThan(60);
    return tests.stream();
  }

  private static List<String> tooLittle(String right) {
    return switch (right) {
      case "billing", "credential" -> List.of();
      case "reader" -> List.of(BILLING);
      case "operator" -> List.of(BILLING, TestCloud.READER, CLOUD_READER);
      case "owner" -> List.of(BILLING, TestCloud.READER, CLOUD_READER, TestCloud.OPERATOR);
      case "cloud-operator" -> List.of(TestCloud.READER, TestCloud.OPERATOR, TestCloud.STRANGER);
      default -> throw new AssertionError("unknown right " + right);
    };
  }

  @Test
  void enoughRightIsEnough() {
    for (Contract.Entry entry : Contract.ENTRIES) {
      String token =
          switch (entry.right()) {
            case "billing", "credential", "anybody" -> BILLING;
            case "reader" -> TestCloud.READER;
            case "operator" -> TestCloud.OPERATOR;
            case "owner" -> TestCloud.OWNER;
            case "cloud-operator" -> CLOUD_READER;
            default -> throw new AssertionError(entry.right());
          };
      // A stream that is let in does not end by itself: EventsDbTest has it.
      if (!entry.method().equals("DELETE") && !entry.path().equals("/v1/events")) {
        assertThat(ask(entry, token).status()).as(entry.name()).isNotIn(401, 403);
      }
    }
  }

  @Test
  void anotherAccountSeesNothingOfThisOne() {
    String newcomer = "owner-token-of-an-account-that-is-new";
    cloud.account("000000000004", "fourth");
    cloud.token("tok-000000000000000f2", "000000000004", newcomer, "owner", false);
    assertThat(cloud.get(newcomer, "/v1/instances").json().path("items").size()).isZero();
    assertThat(cloud.get(newcomer, "/v1/account").json().path("used").path("instances").asInt())
        .isZero();
  }

  @Test
  void aRevokedOrExpiredTokenIsRefusedAtOnce() {
    String secret = "short-lived-token-of-the-account";
    cloud.token("tok-000000000000000d1", TestCloud.ACCOUNT, secret, "reader", false);
    assertThat(cloud.get(secret, "/v1/account").status()).isEqualTo(200);
    cloud
        .owner
        .sql("UPDATE compute.api_token SET expires_at = '2026-10-02T00:00:00Z' WHERE id = ?")
        .param("tok-000000000000000d1")
        .update();
    Answer expired = cloud.get(secret, "/v1/account");
    assertThat(expired.status()).isEqualTo(401);
    assertThat(expired.detail()).contains("expired at 2026-10-02T00:00:00Z");
    cloud
        .owner
        .sql("UPDATE compute.api_token SET expires_at = NULL WHERE id = 'tok-000000000000000d1'")
        .update();
    Answer revoked =
        cloud.send("DELETE", "/v1/tokens/tok-000000000000000d1", TestCloud.OWNER, Map.of(), null);
    assertThat(revoked.status()).isEqualTo(204);
    assertThat(cloud.get(secret, "/v1/account").status()).isEqualTo(401);
  }

  @Test
  void theSchemeIsCheckedAndItsCaseIsNot() {
    for (String scheme : List.of("Bearer ", "bearer ", "BEARER  ")) {
      assertThat(withAuthorization(scheme + TestCloud.OWNER).status()).as(scheme).isEqualTo(200);
    }
    for (String header : List.of("Basic " + TestCloud.OWNER, TestCloud.OWNER, "Bearer")) {
      assertThat(withAuthorization(header).status()).as(header).isEqualTo(401);
    }
  }

  private static Answer withAuthorization(String header) {
    return cloud.send("GET", "/v1/account", null, Map.of("Authorization", header), null);
  }
}
