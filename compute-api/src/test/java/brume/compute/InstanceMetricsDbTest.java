package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What an instance used over time, made from samples that a test plays the scheduler for.
@ExtendWith(SharedCloud.class)
final class InstanceMetricsDbTest {
  private static final String NODE = "node-00000000000000e7a";
  private static final Instant T = Instant.parse("2026-10-01T08:10:04Z"); // when VMs began to run

  private static TestCloud cloud;
  private static long epochs = 700_000;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
    cloud.node(NODE, "node-e7a", "http://127.0.0.1:1");
  }

  private static String runs(long epoch) {
    String id = cloud.launch();
    cloud.allocate(id, epoch, NODE);
    cloud.vm(id, epoch, "RUNNING", null, null);
    return id;
  }

  private static void used(String id, long epoch, int second, long instructions) {
    cloud.sample(id, epoch, T.plusSeconds(second).toString(), instructions, 1000 * instructions, 0);
  }

  private static Answer ask(String token, String id, int from, int to) {
    return cloud.get(
        token,
        "/v1/instances/"
            + id
            + "/metrics?from="
            + T.plusSeconds(from)
            + "&to="
            + T.plusSeconds(to));
  }

  /// Of each point when it was, of how many seconds it speaks, and instructions in these.
  private static List<String> points(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    List<String> points = new ArrayList<>();
    for (JsonNode point : answer.json().path("points")) {
      points.add(
          (Instant.parse(point.path("at").asString()).getEpochSecond() - T.getEpochSecond())
              + " "
              + Math.round(point.path("seconds").asDouble())
              + " "
              + point.path("instructions").asLong());
    }
    return points;
  }

  @Test
  void eachPointIsWhatWasUsedSinceTheOneBefore() {
    long epoch = ++epochs;
    String id = runs(epoch);
    used(id, epoch, 10, 100);
    used(id, epoch, 20, 150);
    used(id, epoch, 80, 150);
    used(id, epoch, 90, 1150);
    assertThat(points(ask(TestCloud.READER, id, 0, 100)))
        .containsExactly("10 10 100", "20 10 50", "80 60 0", "90 10 1000");
    // The first of a span is counted from one before it.
    assertThat(points(ask(TestCloud.READER, id, 15, 85))).containsExactly("20 10 50", "80 60 0");
  }

  @Test
  void eachRunIsCountedFromItsOwnBeginning() {
    long first = ++epochs;
    String id = runs(first);
    used(id, first, 10, 5000);
    long second = ++epochs;
    cloud.vm(id, first, "GONE", "REQUESTED", null);
    cloud
        .owner
        .sql(
            "UPDATE scheduling.vm SET ended_at = ?::timestamptz, instructions = 6000"
                + " WHERE instance_id = ?")
        .params(T.plusSeconds(15).toString(), id)
        .update();
    cloud.allocate(id, second, NODE);
    cloud.vm(id, second, "RUNNING", null, null);
    used(id, second, 30, 40);
    assertThat(points(ask(TestCloud.READER, id, 0, 100)))
        .containsExactly("10 10 5000", "15 5 1000", "30 30 40");
  }

  @Test
  void whatRanLongBeforeIsNotCountedFromItsBeginning() {
    long epoch = ++epochs;
    String id = runs(epoch);
    used(id, epoch, 3600, 100_000);
    used(id, epoch, 3610, 100_007);
    assertThat(points(ask(TestCloud.READER, id, 3595, 3700))).containsExactly("3610 10 7");
  }

  @Test
  void whatNeverRanHasNoPointsAndSpansHaveLimits() {
    String id = cloud.launch();
    assertThat(points(cloud.get("/v1/instances/" + id + "/metrics"))).isEmpty();
    assertThat(ask(TestCloud.READER, id, 0, 86_400).status()).isEqualTo(200);
    for (int[] span : new int[][] {{0, 86_401}, {10, 10}, {20, 10}}) {
      Answer answer = ask(TestCloud.READER, id, span[0], span[1]);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.field()).isEqualTo("from");
    }
    assertThat(ask(TestCloud.STRANGER, id, 0, 10).status()).isEqualTo(404);
  }
}
