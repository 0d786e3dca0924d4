package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What operators want of a node, with a test that plays the scheduler.
@ExtendWith(SharedCloud.class)
final class NodeDbTest {
  private static final String NODE = "node-00000000000000d1a";

  private static TestCloud cloud;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    cloud.node(NODE, "node-d1a", "http://127.0.0.1:1");
  }

  private static Answer want(String node, String body) {
    return cloud.send(
        "PATCH",
        "/v1/nodes/" + node,
        TestCloud.OWNER,
        Map.of("Content-Type", "application/json"),
        body);
  }

  private static JsonNode shown() {
    for (JsonNode node : cloud.get(TestCloud.OWNER, "/v1/nodes?limit=1000").json().path("items")) {
      if (node.path("id").asString().equals(NODE)) {
        return node;
      }
    }
    throw new AssertionError(NODE + " is not among the nodes");
  }

  private static String published() {
    return cloud
        .owner
        .sql("SELECT availability FROM compute.node_availability WHERE node_id = ?")
        .param(NODE)
        .query(String.class)
        .single();
  }

  @Test
  void whatIsWantedIsShownAtOncePublishedAndAudited() {
    assertThat(shown().path("availability").asString()).isEqualTo("active");
    assertThat(shown().has("largestType")).isTrue();

    Answer answer = want(NODE, "{\"availability\":\"draining\"}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("availability").asString()).isEqualTo("draining");
    assertThat(answer.json().has("largestType")).as("it takes nothing").isFalse();
    assertThat(shown().path("availability").asString()).isEqualTo("draining");
    assertThat(shown().has("drain")).as("the scheduler has not begun").isFalse();
    assertThat(published()).isEqualTo("draining");

    cloud
        .owner
        .sql(
            "UPDATE scheduling.node SET draining = true, drain_began_at = '2026-10-01T08:00:00Z',"
                + " drain_began_with = 3, drain_waits_for = 'no node has room' WHERE id = ?")
        .param(NODE)
        .update();
    JsonNode drain = shown().path("drain");
    assertThat(drain.path("startedAt").asString()).isEqualTo("2026-10-01T08:00:00Z");
    assertThat(drain.path("startedWith").asInt()).isEqualTo(3);
    assertThat(drain.path("waitsFor").asString()).isEqualTo("no node has room");

    want(NODE, "{\"availability\":\"draining\"}");
    want(NODE, "{\"availability\":\"active\"}");
    assertThat(published()).isEqualTo("active");
    JsonNode entries =
        cloud.get(TestCloud.OWNER, "/v1/audit?action=UpdateNode&resource=" + NODE).json();
    assertThat(entries.path("items").size()).as("the repeated one changed nothing").isEqualTo(2);
  }

  @Test
  void whatIsNoNodeAndNoAvailabilityIsRefusedByName() {
    Answer unknown = want("node-00000000000000bad", "{\"availability\":\"active\"}");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.code()).isEqualTo("node_not_found");

    Answer wrong = want(NODE, "{\"availability\":\"gone\"}");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.json().path("field").asString()).isEqualTo("availability");
    assertThat(wrong.json().path("detail").asString())
        .isEqualTo("availability must be one of 'active', 'cordoned', 'draining', not 'gone'");

    assertThat(want(NODE, "{}").code()).isEqualTo("missing_field");
    assertThat(want(NODE, "{\"draining\":true}").code()).isEqualTo("unknown_field");
    assertThat(want("n1", "{\"availability\":\"active\"}").json().path("field").asString())
        .isEqualTo("nodeId");
  }
}
