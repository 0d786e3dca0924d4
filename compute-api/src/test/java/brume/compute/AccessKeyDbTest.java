package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.compute.TestCloud.Answer;
import brume.compute.access.Principal;
import brume.compute.access.Role;
import brume.compute.accesskey.AccessKeyCommands;
import brume.compute.accesskey.AccessKeys;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Access keys: made, found by id with their secret, replaced, deleted, and unreadable in the
/// database.
@ExtendWith(SharedCloud.class)
final class AccessKeyDbTest {
  private static final String BODY =
      "{\"label\":\"ci\",\"role\":\"operator\",\"scopes\":[\"RunInstances\",\"Describe*\"]}";

  private static TestCloud cloud;
  private static AccessKeys keys;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    keys = cloud.context.getBean(AccessKeys.class);
  }

  private static Answer create() {
    Answer made = cloud.post("/v1/access-keys", BODY);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made;
  }

  private static String text(Answer answer, String field) {
    return answer.json().path(field).asString();
  }

  @Test
  void theFirstAccountHasTheKeyThatTheOperatorGave() {
    AccessKeys.Found found = keys.find(TestCloud.ACCESS_KEY).orElseThrow();
    assertThat(found.secret()).isEqualTo(TestCloud.ACCESS_KEY_SECRET);
    assertThat(found.principal().role()).isEqualTo(Role.OWNER);
    assertThat(found.principal().accountId()).isEqualTo(TestCloud.ACCOUNT);
    assertThat(found.toString()).doesNotContain(found.secret());
  }

  @Test
  void aKeyIsFoundWithWhatItMayDoAndItsSecretIsShownOnce() {
    Answer made = create();
    AccessKeys.Found found = keys.find(text(made, "id")).orElseThrow();
    assertThat(found.secret()).isEqualTo(text(made, "secret")).hasSize(40);
    Principal principal = found.principal();
    assertThat(principal.source()).isEqualTo(Principal.Source.ACCESS_KEY);
    assertThat(principal.scopes()).containsExactly("Describe*", "RunInstances");
    assertThat(principal.cloudOperator()).isFalse();

    assertThat(cloud.get("/v1/access-keys?limit=1000").body())
        .contains(text(made, "id"))
        .doesNotContain(found.secret());
    assertThat(keys.find("AKIAAAAAAAAAAAAAAAAA")).isEmpty();
    assertThat(keys.find("' OR true --")).isEmpty();
  }

  @Test
  void theDatabaseHoldsNoSecretAndASealDoesNotMoveToAnotherKey() {
    Answer one = create();
    Answer two = create();
    String row =
        cloud
            .owner
            .sql(
                "SELECT k::text || encode(sealed_secret, 'escape') FROM compute.access_key k"
                    + " WHERE id = ?")
            .param(text(one, "id"))
            .query(String.class)
            .single();
    assertThat(row).doesNotContain(text(one, "secret"));
    cloud
        .owner
        .sql(
            "UPDATE compute.access_key a SET sealed_secret = b.sealed_secret"
                + " FROM compute.access_key b WHERE a.id = ? AND b.id = ?")
        .params(text(two, "id"), text(one, "id"))
        .update();
    assertThatThrownBy(() -> keys.find(text(two, "id")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not open");
    delete(text(two, "id"));
  }

  private static Answer delete(String id) {
    return cloud.send("DELETE", "/v1/access-keys/" + id, TestCloud.OWNER, Map.of(), null);
  }

  @Test
  void aDeletedOneIsUnknownAndItsSecretForgotten() {
    String id = text(create(), "id");
    for (int i = 0; i < 2; i++) {
      assertThat(delete(id).status()).isEqualTo(204);
    }
    assertThat(keys.find(id)).isEqualTo(Optional.empty());
    assertThat(
            cloud
                .owner
                .sql("SELECT sealed_secret IS NULL FROM compute.access_key WHERE id = ?")
                .param(id)
                .query(Boolean.class)
                .single())
        .isTrue();
    Answer rotated = cloud.post("/v1/access-keys/" + id + "/rotate", "{}");
    assertThat(rotated.status() + " " + rotated.code()).isEqualTo("409 credential_ended");
  }

  @Test
  void replacingOneLeavesTheOldOneForAWhile() {
    String id = text(create(), "id");
    Answer made = cloud.post("/v1/access-keys/" + id + "/rotate", "{\"overlapSeconds\":60}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(text(made, "label")).isEqualTo("ci");
    assertThat(made.json().path("scopes").size()).isEqualTo(2);
    assertThat(keys.find(id)).isPresent();
    assertThat(keys.find(text(made, "id")).orElseThrow().secret()).isEqualTo(text(made, "secret"));

    cloud.post("/v1/access-keys/" + text(made, "id") + "/rotate", "{\"overlapSeconds\":0}");
    assertThat(keys.find(text(made, "id"))).isEmpty();
  }

  @Test
  void askingAgainShowsTheSecretAgainToTheSameCredentialOnly() {
    Answer first = cloud.postWithKey("/v1/access-keys", "access-key-again", BODY);
    Answer again = cloud.postWithKey("/v1/access-keys", "access-key-again", BODY);
    assertThat(again.body()).isEqualTo(first.body());
    String other = "another-owner-token-of-the-first-account";
    cloud.token("tok-00000000000000ac1", TestCloud.ACCOUNT, other, "owner", false);
    Answer refused = cloud.postWithKey(other, "/v1/access-keys", "access-key-again", BODY);
    assertThat(refused.status() + " " + refused.code()).isEqualTo("409 secret_shown_once");
  }

  @Test
  void anotherKeyOfTheOperatorsSealsAnewAndTheOldOneIsThenNotNeeded() {
    String next = "the-next-key-for-tests-of-32-characters";
    String all = "--brume.encryption.keys=" + next + "," + TestCloud.ENCRYPTION_KEY;
    try (TestCloud first = TestCloud.start()) {
      try (TestCloud both = first.another(all)) {
        assertThat(secret(both)).isEqualTo(TestCloud.ACCESS_KEY_SECRET);
        while (both.context.getBean(AccessKeyCommands.class).sealAnew(100) > 0) {}
      }
      try (TestCloud later = first.another("--brume.encryption.keys=" + next)) {
        assertThat(secret(later)).isEqualTo(TestCloud.ACCESS_KEY_SECRET);
      }
      // Who has only the old key hears what is missing, and not that the access key is unknown.
      assertThatThrownBy(() -> secret(first)).hasMessageContaining("brume.encryption.keys");
    }
  }

  private static String secret(TestCloud asked) {
    AccessKeys asking = asked.context.getBean(AccessKeys.class);
    return asking.find(TestCloud.ACCESS_KEY).orElseThrow().secret();
  }
}
