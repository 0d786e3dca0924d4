package brume.scheduler.sim;

import brume.scheduler.TestFleet;
import java.util.List;
import java.util.Random;

/// Users who change their minds, and the part of compute-api that turns a guest's own end into a
/// STOP and marks what is terminated and done with.
final class SimUsers {
  private final TestFleet fleet;
  private final Random random;
  private int launched;

  SimUsers(TestFleet fleet, long seed) {
    this.fleet = fleet;
    this.random = new Random(seed);
  }

  int launched() {
    return launched;
  }

  void launch(int count) {
    String reservation = "r-%017x".formatted(1_000_000 + launched);
    for (int n = 0; n < count; n++) {
      launched++;
      String zone = random.nextInt(6) == 0 ? "z" + random.nextInt(3) : null;
      fleet.launch(1 + random.nextInt(2), 128 << random.nextInt(3), zone, reservation);
    }
  }

  void changeAMind() {
    String instance = "i-%017x".formatted(1 + random.nextInt(launched));
    String intent =
        List.of("RUN", "STOP", "STOP", "RUN", "RUN", "TERMINATE").get(random.nextInt(6));
    fleet
        .owner
        .sql(
            """
            UPDATE compute.instance SET intent = ?, generation = generation + 1
            WHERE id = ? AND intent NOT IN ('TERMINATE', ?)
            """)
        .param(intent)
        .param(instance)
        .param(intent)
        .update();
  }

  /// As compute-api's loop does.
  void settle() {
    fleet
        .owner
        .sql(
            """
            UPDATE compute.instance i SET intent = 'STOP', generation = i.generation + 1
            FROM scheduling.instance_fact f
            WHERE f.instance_id = i.id AND i.intent = 'RUN' AND NOT f.allocated
              AND f.vm_generation = i.generation AND f.cause IN ('GUEST_POWEROFF', 'GUEST_FAILURE')
            """)
        .update();
    fleet
        .owner
        .sql(
            """
            UPDATE compute.instance i SET terminated_at = now()
            WHERE i.intent = 'TERMINATE' AND i.terminated_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM scheduling.instance_fact f
                              WHERE f.instance_id = i.id
                                AND (f.allocated OR f.vm_state NOT IN ('GONE', 'FAILED')))
            """)
        .update();
  }
}
