package brume.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/// Judges of the fleet that look at the tables and at nothing of ours.
public final class FleetCheckers {
  private FleetCheckers() {}

  /// Holds at every moment.
  public static void check(TestFleet fleet) {
    none(
        fleet,
        "no oversubscription: what a node holds is what its allocations say, within what it has",
        """
        SELECT n.name || ' holds ' || n.vcpu_used || '/' || n.memory_mib_used
               || ', its allocations ' || coalesce(sum(a.vcpu), 0) || '/'
               || coalesce(sum(a.memory_mib), 0)
        FROM scheduling.node n
        LEFT JOIN scheduling.allocation a ON a.node_id = n.id AND a.released_at IS NULL
        GROUP BY n.id
        HAVING n.vcpu_used <> coalesce(sum(a.vcpu), 0)
            OR n.memory_mib_used <> coalesce(sum(a.memory_mib), 0)
            OR n.vcpu_used > n.vcpu OR n.memory_mib_used > n.memory_mib
        """);
    none(
        fleet,
        "one live primary for an instance",
        """
        SELECT instance_id FROM scheduling.allocation
        WHERE released_at IS NULL AND role = 'primary' GROUP BY instance_id HAVING count(*) > 1
        """);
    none(
        fleet,
        "an allocation is released exactly when its VM has ended",
        """
        SELECT a.instance_id || '/' || a.epoch || ' ' || v.state
        FROM scheduling.allocation a JOIN scheduling.vm v USING (instance_id, epoch)
        WHERE (v.cause IS NOT NULL) <> (a.released_at IS NOT NULL)
        """);
    none(
        fleet,
        "an instance's transitions go forward in time, by their number",
        """
        SELECT instance_id || ' ' || seq FROM (
          SELECT instance_id, seq, at,
                 lag(at) OVER (PARTITION BY instance_id ORDER BY seq) AS earlier,
                 epoch, lag(epoch) OVER (PARTITION BY instance_id ORDER BY seq) AS before
          FROM scheduling.transition) t
        WHERE at < earlier OR epoch < before
        """);
    none(
        fleet,
        "nothing follows an end within an epoch, and no state follows itself",
        """
        SELECT instance_id || '/' || epoch || ' ' || seq FROM (
          SELECT instance_id, epoch, seq, state,
                 lag(state) OVER (PARTITION BY instance_id, epoch ORDER BY seq) AS before
          FROM scheduling.transition) t
        WHERE before IN ('GONE', 'FAILED') OR before = state
        """);
    none(
        fleet,
        "the log has no holes",
        """
        SELECT 'count ' || count(*) || ', last ' || max(seq) FROM scheduling.transition
        HAVING count(*) <> coalesce(max(seq), 0)
        """);
    none(
        fleet,
        "the newest row of a VM is the newest transition of it",
        """
        SELECT v.instance_id || '/' || v.epoch FROM scheduling.vm v
        JOIN LATERAL (SELECT state, at FROM scheduling.transition t
                      WHERE t.instance_id = v.instance_id AND t.epoch = v.epoch
                      ORDER BY seq DESC LIMIT 1) t ON true
        WHERE t.state <> v.state OR t.at <> v.state_at
        """);
  }

  private static void none(TestFleet fleet, String promise, String violations) {
    List<String> found = fleet.owner.sql(violations).query(String.class).list();
    assertThat(found).as(promise).isEmpty();
  }
}
