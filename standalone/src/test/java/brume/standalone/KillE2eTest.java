package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import brume.client.ApiException;
import brume.client.model.Instance;
import brume.client.model.InstanceState;
import brume.client.model.RunInstancesRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Services and agents are killed with SIGKILL at random moments of launches, stops and
/// terminations. Whatever was acknowledged must come true, and nothing may come true twice.
///
/// `-Dbrume.kill.seed=N` repeats a run's choices, `-Dbrume.kill.rounds=N` makes it longer.
class KillE2eTest {
  private static final int ROUNDS = Integer.getInteger("brume.kill.rounds", 20);
  private static final Duration SETTLES_WITHIN = Duration.ofMinutes(2);
  private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(3);

  private final long seed = Long.getLong("brume.kill.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, InstanceState> wanted = new TreeMap<>();

  @Test
  void whatWasAcknowledgedComesTrueOnce(@TempDir Path folder) throws Exception {
    System.out.println("KillE2eTest: brume.kill.seed=" + seed);
    try (Fleet fleet =
        new Fleet(folder, 2, Map.of("brume.node.vcpu", "8", "brume.node.memory-mib", "1024"))) {
      useTinyGuest(fleet, folder);
      fleet.start();
      for (int round = 1; round <= ROUNDS; round++) {
        oneRound(fleet, round);
      }
      fleet.awaitHealthy();
      awaitWanted(fleet);
      assertNothingHappenedTwice(fleet);
    }
  }

  private void oneRound(Fleet fleet, int round) {
    ServiceProcess victim = fleet.all().get(random.nextInt(fleet.all().size()));
    long delayNanos = random.nextInt(1_200) * 1_000_000L;
    System.out.printf(
        "round %d: %s is killed after %d ms%n", round, victim.name(), delayNanos / 1_000_000);
    Thread killer =
        Thread.ofPlatform()
            .start(() -> {
              LockSupport.parkNanos(delayNanos);
              victim.kill();
              victim.start();
            });
    request(fleet, round);
    try {
      killer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// One thing a user wants, asked again with the same key until it is acknowledged.
  private void request(Fleet fleet, int round) {
    String key = "round-" + round;
    List<String> running =
        wanted.entrySet().stream()
            .filter(entry -> entry.getValue() == InstanceState.RUNNING)
            .map(Map.Entry::getKey)
            .toList();
    int choice = running.size() >= 6 ? 2 + random.nextInt(2) : random.nextInt(4);
    if (running.isEmpty() || choice < 2) {
      RunInstancesRequest run =
          new RunInstancesRequest().image("tiny").type("e1.nano").count(1 + random.nextInt(2));
      acknowledged(fleet, () -> fleet.instances().runInstances(run, key, null))
          .getInstances()
          .forEach(instance -> wanted.put(instance.getId(), InstanceState.RUNNING));
      return;
    }
    String id = running.get(random.nextInt(running.size()));
    if (choice == 2) {
      acknowledged(fleet, () -> fleet.instances().stopInstance(id, key));
      wanted.put(id, InstanceState.STOPPED);
    } else {
      acknowledged(fleet, () -> fleet.instances().terminateInstance(id, key));
      wanted.put(id, InstanceState.TERMINATED);
    }
  }

  private static <T> T acknowledged(Fleet fleet, Call<T> call) {
    long deadline = System.nanoTime() + ANSWERS_WITHIN.toNanos();
    while (true) {
      try {
        return call.make();
      } catch (ApiException e) {
        boolean noAnswer = e.getCode() == 0 || e.getCode() >= 500;
        if (!noAnswer || System.nanoTime() > deadline) {
          throw new AssertionError("refused: " + e.getMessage() + "\n" + fleet.compute.tail(), e);
        }
        LockSupport.parkNanos(200_000_000);
      }
    }
  }

  private void awaitWanted(Fleet fleet) {
    long deadline = System.nanoTime() + SETTLES_WITHIN.toNanos();
    List<String> wrong;
    do {
      LockSupport.parkNanos(500_000_000);
      wrong = new ArrayList<>();
      for (Map.Entry<String, InstanceState> entry : wanted.entrySet()) {
        Instance seen =
            acknowledged(fleet, () -> fleet.instances().getInstance(entry.getKey(), null, null));
        if (seen.getState() != entry.getValue()) {
          wrong.add(
              entry.getKey()
                  + " is "
                  + seen.getState()
                  + ", not "
                  + entry.getValue()
                  + (seen.getStateReason() == null
                      ? ""
                      : ": " + seen.getStateReason().getMessage()));
        }
      }
    } while (!wrong.isEmpty() && System.nanoTime() < deadline);
    assertThat(wrong).as("acknowledged and not come true, seed %d", seed).isEmpty();
  }

  private void assertNothingHappenedTwice(Fleet fleet) throws SQLException {
    assertThat(rows(fleet, "SELECT id FROM compute.instance"))
        .as("instances, one for each acknowledged one, seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(wanted.keySet());
    // The time of each VM from RUNNING to its end, by epoch: two of one instance may never overlap.
    assertThat(
            rows(
                fleet,
                """
                WITH lives AS (
                  SELECT instance_id, epoch,
                         min(at) FILTER (WHERE state = 'RUNNING') AS began,
                         coalesce(min(at) FILTER (WHERE state IN ('GONE', 'FAILED')), 'infinity') AS ended
                  FROM scheduling.transition GROUP BY instance_id, epoch)
                SELECT a.instance_id || ' epochs ' || a.epoch || ' and ' || b.epoch
                FROM lives a JOIN lives b ON a.instance_id = b.instance_id AND a.epoch < b.epoch
                WHERE a.began < b.ended AND b.began < a.ended
                """))
        .as("VMs of one instance at the same time, seed %d", seed)
        .isEmpty();
    assertThat(
            rows(
                fleet,
                """
                SELECT n.name FROM scheduling.node n
                LEFT JOIN scheduling.allocation a ON a.node_id = n.id AND a.released_at IS NULL
                GROUP BY n.id
                HAVING coalesce(sum(a.vcpu), 0) <> n.vcpu_used
                    OR coalesce(sum(a.memory_mib), 0) <> n.memory_mib_used
                    OR n.vcpu_used > n.vcpu OR n.memory_mib_used > n.memory_mib
                """))
        .as("nodes whose books do not balance, seed %d", seed)
        .isEmpty();
    assertUsageIsRunningTime(fleet);
  }

  private void assertUsageIsRunningTime(Fleet fleet) throws SQLException {
    String differences =
        """
        WITH metered AS (
          SELECT resource_id, count(*) AS starts FROM (
            SELECT resource_id FROM billing.usage UNION ALL SELECT resource_id FROM billing.open_usage) u
          GROUP BY resource_id),
        started AS (
          SELECT instance_id, count(DISTINCT epoch) AS starts FROM scheduling.transition
          WHERE state = 'RUNNING' GROUP BY instance_id)
        SELECT coalesce(instance_id, resource_id) || ': ' || coalesce(s.starts, 0) || ' starts, '
               || coalesce(m.starts, 0) || ' metered'
        FROM started s FULL JOIN metered m ON m.resource_id = s.instance_id
        WHERE s.starts IS DISTINCT FROM m.starts
        """;
    List<String> wrong = rows(fleet, differences);
    for (int look = 0; !wrong.isEmpty() && look < 300; look++) {
      LockSupport.parkNanos(200_000_000); // the meter follows the log by less than a second or two
      wrong = rows(fleet, differences);
    }
    assertThat(wrong).as("usage against transitions, seed %d", seed).isEmpty();
  }

  private static List<String> rows(Fleet fleet, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = fleet.database.ownerDataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  static void useTinyGuest(Fleet fleet, Path folder) throws IOException, SQLException {
    String source = TinyGuest.source(folder.resolve("tiny-image"));
    try (Connection connection = fleet.database.ownerDataSource().getConnection();
        var statement =
            connection.prepareStatement(
                """
                INSERT INTO compute.image
                  (id, account_id, name, architecture, source, memory_mib_min, created_at)
                VALUES ('ami-0000000000000beef', NULL, 'tiny', 'riscv64', ?, 16, now())
                """)) {
      statement.setString(1, source);
      statement.executeUpdate();
    }
  }

  private interface Call<T> {
    T make() throws ApiException;
  }
}
