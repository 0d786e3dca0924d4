package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Launch, show, list and changes of intent, against PostgreSQL with the service's own role.
@ExtendWith(SharedCloud.class)
final class InstanceDbTest {
  private static final String NODE = "node-00000000000000001";
  private static TestCloud cloud;
  private static long epoch = 100;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    cloud.node(NODE, "node-1", "http://127.0.0.1:1");
    epoch = 1000;
  }

  private static long run(String id) {
    long mine = ++epoch;
    cloud.allocate(id, mine, NODE);
    cloud.vm(id, mine, "RUNNING", null, null);
    return mine;
  }

  private static Answer act(String id, String action) {
    return cloud.post("/v1/instances/" + id + "/" + action, "");
  }

  @Test
  void whatALaunchAnswersTheNextGetShows() {
    Answer launched =
        cloud.post(
            "/v1/instances",
            """
            {"image":"debian-micro","type":"e1.micro","count":3,"name":"w","zone":"b",
             "tags":{"team":"blue","empty":""},"userData":"aGVsbG8="}
            """);
    assertThat(launched.status()).isEqualTo(201);
    JsonNode instances = launched.json().path("instances");
    assertThat(instances.size()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      JsonNode instance = instances.path(i);
      assertThat(instance.path("name").asString()).isEqualTo("w-" + (i + 1));
      assertThat(instance.path("state").asString()).isEqualTo("pending");
      assertThat(instance.path("stateReason").path("code").asString()).isEqualTo("placing");
      assertThat(instance.path("zone").asString()).isEqualTo("b");
      assertThat(instance.path("tags").path("team").asString()).isEqualTo("blue");
      assertThat(cloud.get("/v1/instances/" + instance.path("id").asString()).json())
          .isEqualTo(instance);
    }
    assertThat(
            cloud
                .owner
                .sql(
                    "SELECT DISTINCT convert_from(user_data, 'UTF8') FROM compute.instance_intent"
                        + " WHERE reservation_id = ?")
                .param(launched.json().path("reservationId").asString())
                .query(String.class)
                .list())
        .containsExactly("hello");
  }

  @Test
  void everyStateOfIntentAndFactIsShownWithAReason() {
    String id = cloud.launch();
    assertThat(reason(id)).isEqualTo("pending placing");
    cloud.refuse(id, 1, "no node has 1 vCPU and 128 MiB free");
    assertThat(reason(id)).isEqualTo("pending no_capacity");
    assertThat(message(id)).isEqualTo("no node has 1 vCPU and 128 MiB free");
    cloud.owner.sql("DELETE FROM scheduling.refusal WHERE instance_id = ?").param(id).update();
    cloud.allocate(id, 1, NODE);
    assertThat(reason(id)).isEqualTo("pending starting");
    assertThat(message(id)).isEqualTo("it is starting on node node-1");
    cloud.vm(id, 1, "STARTING", null, null);
    assertThat(reason(id)).isEqualTo("pending starting");
    cloud.vm(id, 1, "RUNNING", null, null);
    assertThat(reason(id)).isEqualTo("running ");
    act(id, "stop");
    assertThat(reason(id)).isEqualTo("stopping stopping");
    cloud.vm(id, 1, "STOPPING", null, null);
    act(id, "start");
    assertThat(reason(id)).isEqualTo("pending restarting");
    act(id, "stop");
    cloud.vm(id, 1, "GONE", "REQUESTED", null);
    assertThat(reason(id)).isEqualTo("stopped user_stopped");
    act(id, "start");
    assertThat(reason(id)).isEqualTo("pending placing");
    cloud.allocate(id, 2, NODE);
    cloud.vm(id, 2, "FAILED", "NODE_LOST", "no heartbeat");
    assertThat(reason(id)).isEqualTo("pending restarting");
    cloud.allocate(id, 3, NODE);
    cloud.vm(id, 3, "RUNNING", null, null);
    act(id, "terminate");
    assertThat(reason(id)).isEqualTo("shutting-down shutting_down");
    cloud.vm(id, 3, "GONE", "REQUESTED", null);
    assertThat(reason(id)).isEqualTo("terminated user_terminated");
    assertThat(cloud.get("/v1/instances/" + id).json().path("terminatedAt").asString())
        .isNotEmpty();
  }

  private static String reason(String id) {
    JsonNode instance = cloud.get("/v1/instances/" + id).json();
    return instance.path("state").asString()
        + " "
        + instance.path("stateReason").path("code").asString("");
  }

  private static String message(String id) {
    return cloud.get("/v1/instances/" + id).json().path("stateReason").path("message").asString("");
  }

  @Test
  void changesOfIntentFollowEc2sRules() {
    String id = cloud.launch();
    assertThat(act(id, "reboot").code()).isEqualTo("incorrect_state");
    assertThat(act(id, "start").json().path("generation").asLong()).isEqualTo(1);
    assertThat(act(id, "stop").json().path("state").asString()).isEqualTo("stopped");
    assertThat(act(id, "stop").json().path("generation").asLong()).isEqualTo(2);
    assertThat(act(id, "start").json().path("generation").asLong()).isEqualTo(3);
    run(id);
    assertThat(act(id, "reboot").status()).isEqualTo(200);
    assertThat(
            cloud
                .owner
                .sql("SELECT reboots FROM compute.instance_intent WHERE instance_id = ?")
                .param(id)
                .query(Long.class)
                .single())
        .isEqualTo(1);
    assertThat(act(id, "terminate").json().path("state").asString()).isEqualTo("shutting-down");
    assertThat(act(id, "terminate").status()).isEqualTo(200);
    for (String action : List.of("start", "stop", "reboot")) {
      Answer refused = act(id, action);
      assertThat(refused.status()).as(action).isEqualTo(409);
      assertThat(refused.code()).isEqualTo("incorrect_state");
    }
    assertThat(
            cloud
                .owner
                .sql(
                    "SELECT intent FROM compute.intent_change WHERE instance_id = ? ORDER BY generation")
                .param(id)
                .query(String.class)
                .list())
        .containsExactly("RUN", "STOP", "RUN", "TERMINATE");
  }

  @Test
  void listsAreFilteredAndStableUnderInserts() {
    String tag = "\"tags\":{\"list\":\"stable\"}";
    String body = "{\"image\":\"debian-micro\",\"type\":\"e1.nano\",\"count\":25," + tag + "}";
    cloud.launch(body);
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = cloud.get("/v1/instances?tag=list%3Dstable&limit=7" + cursor).json();
      page.path("items").forEach(item -> seen.add(item.path("id").asString()));
      String next = page.path("nextCursor").asString("");
      cursor = next.isEmpty() ? "" : "&cursor=" + next;
      cloud.launch(body.replace("25", "2"));
    } while (!cursor.isEmpty());
    assertThat(seen)
        .hasSize(25)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo((a, b) -> b.compareTo(a));
  }

  @Test
  void eachFilterFindsItsOwn() {
    String small =
        cloud.launch(
            "{\"image\":\"debian-micro\",\"type\":\"e1.small\",\"name\":\"only-one\","
                + "\"tags\":{\"f\":\"1\",\"g\":\"x=y\"}}");
    run(small);
    for (String filter :
        List.of(
            "name=only-one",
            "tag=f&name=only-one",
            "tag=f%3D1&tag=g%3Dx%3Dy",
            "type=e1.small&tag=f",
            "image=debian-micro&tag=f",
            "image=ami-00000000000000001&tag=f",
            "node=node-1&tag=f",
            "from=2026-01-01T00:00:00Z&to=9999-01-01T00:00:00Z&tag=f",
            "node=" + NODE + "&tag=f",
            "state=running&tag=f",
            "state=stopped&state=running&tag=f")) {
      assertThat(ids("/v1/instances?" + filter)).as(filter).containsExactly(small);
    }
    for (String filter :
        List.of(
            "name=only",
            "tag=f%3D2",
            "tag=f&tag=h",
            "type=e1.nano&tag=f",
            "image=other&tag=f",
            "node=node-2&tag=f",
            "to=2026-01-01T00:00:00Z&tag=f",
            "from=9999-01-01T00:00:00Z&tag=f",
            "state=pending&tag=f",
            "state=terminated&tag=f")) {
      assertThat(ids("/v1/instances?" + filter)).as(filter).isEmpty();
    }
  }

  private static List<String> ids(String path) {
    List<String> ids = new ArrayList<>();
    Answer answer = cloud.get(path);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    answer.json().path("items").forEach(item -> ids.add(item.path("id").asString()));
    return ids;
  }

  @Test
  void stateFiltersAgreeWithTheStateThatIsShown() {
    Set<String> expected = new HashSet<>();
    String tag = ",\"tags\":{\"matrix\":\"1\"}}";
    String body = "{\"image\":\"debian-micro\",\"type\":\"e1.nano\"" + tag;
    for (String intent : List.of("RUN", "STOP", "HIBERNATE", "TERMINATE")) {
      for (String vm :
          List.of("", "-", "STARTING", "RUNNING", "MIGRATING", "STOPPING", "GONE", "FAILED")) {
        String id = cloud.launch(body);
        if (!vm.isEmpty()) {
          cloud.allocate(id, ++epoch, NODE);
        }
        if (vm.length() > 1) {
          boolean end = vm.equals("GONE") || vm.equals("FAILED");
          cloud.vm(id, epoch, vm, end ? "NODE_LOST" : null, null);
        }
        cloud
            .owner
            .sql("UPDATE compute.instance SET intent = ?, generation = 2 WHERE id = ?")
            .params(intent, id)
            .update();
        expected.add(id);
      }
    }
    Set<String> found = new HashSet<>();
    for (String state :
        List.of("pending", "running", "stopping", "stopped", "shutting-down", "terminated")) {
      JsonNode page = cloud.get("/v1/instances?tag=matrix&limit=1000&state=" + state).json();
      for (JsonNode item : page.path("items")) {
        assertThat(item.path("state").asString()).isEqualTo(state);
        assertThat(item.has("stateReason")).isEqualTo(!state.equals("running"));
        found.add(item.path("id").asString());
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void aValueWithACommaIsOneValueAndOnlySomeMayRepeat() {
    String id =
        cloud.launch("{\"image\":\"debian-micro\",\"type\":\"e1.nano\",\"tags\":{\"c\":\"a,b\"}}");
    assertThat(ids("/v1/instances?tag=c%3Da,b")).containsExactly(id);
    assertThat(cloud.get("/v1/instances?type=e1.nano&type=e1.micro").field()).isEqualTo("type");
  }

  @Test
  void quotasHoldAndSayTheirNumbers() {
    String account = "000000000005";
    String token = "owner-token-of-an-account-with-limits";
    cloud.account(account, "fifth");
    cloud.token("tok-000000000000000f3", account, token, "owner", false);
    Answer refused =
        cloud.send(
            "POST",
            "/v1/instances",
            token,
            Map.of("Content-Type", "application/json"),
            "{\"image\":\"debian-micro\",\"type\":\"e1.xlarge\",\"count\":100}");
    assertThat(refused.status()).isEqualTo(201);
    cloud
        .owner
        .sql("UPDATE compute.account SET vcpu_max = 402 WHERE id = ?")
        .param(account)
        .update();
    refused =
        cloud.send(
            "POST",
            "/v1/instances",
            token,
            Map.of("Content-Type", "application/json"),
            "{\"image\":\"debian-micro\",\"type\":\"e1.medium\",\"count\":2}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("quota_exceeded");
    assertThat(refused.detail()).contains("402 vCPU").contains("holds 400").contains("4 more");
  }

  @Test
  void aNodeIsShownToOperatorsOfTheCloudOnly() {
    String id = cloud.launch();
    run(id);
    assertThat(cloud.get("/v1/instances/" + id).json().path("node").path("name").asString())
        .isEqualTo("node-1");
    assertThat(cloud.get(TestCloud.READER, "/v1/instances/" + id).json().has("node")).isFalse();
    assertThat(cloud.get(TestCloud.READER, "/v1/instances?node=node-1").status()).isEqualTo(403);
  }
}
