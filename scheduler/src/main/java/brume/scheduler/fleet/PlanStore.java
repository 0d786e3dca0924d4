package brume.scheduler.fleet;

import brume.scheduler.placement.Placement;
import brume.scheduler.placement.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// T2: a plan becomes allocations, as far as it still holds. Several schedulers may commit plans at
/// once; each placement is checked again here and the ones that lost a race are left for the next
/// round.
///
/// Locks are taken in one order by everybody who writes, so that no two wait for each other: node
/// rows by id, then instances by id, then the head of the transition log.
public final class PlanStore {
  static final String NOTIFY_FACTS = "SELECT pg_notify('brume_facts', '')";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  public PlanStore(JdbcClient jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /// What is left of a node while its placements are checked.
  private static final class Room {
    private int vcpu;
    private int memoryMib;

    private Room(int vcpu, int memoryMib) {
      this.vcpu = vcpu;
      this.memoryMib = memoryMib;
    }

    private boolean take(Placement placement) {
      int needVcpu = placement.demand().need().vcpu();
      int needMemory = placement.demand().need().memoryMib();
      if (needVcpu > vcpu || needMemory > memoryMib) {
        return false;
      }
      vcpu -= needVcpu;
      memoryMib -= needMemory;
      return true;
    }
  }

  /// An allocation that was made.
  private record Made(String instanceId, long epoch, String nodeId, int vcpu, int memoryMib) {}

  /// @return how many placements were committed
  public int commit(List<Placement> placements, Instant now) {
    if (placements.isEmpty()) {
      return 0;
    }
    Integer committed = transaction.execute(status -> commitLocked(placements, now));
    return committed == null ? 0 : committed;
  }

  private int commitLocked(List<Placement> placements, Instant now) {
    Map<String, Room> rooms = lockNodes(placements);
    List<Placement> fitting = new ArrayList<>();
    for (Placement placement : placements) {
      Room room = rooms.get(placement.nodeId());
      if (room != null && room.take(placement)) {
        fitting.add(placement);
      }
    }
    List<Made> made = allocate(fitting, now);
    if (made.isEmpty()) {
      return 0;
    }
    holdCapacity(made);
    jdbc.sql(
            """
            DELETE FROM scheduling.refusal WHERE instance_id IN
              (SELECT instance_id FROM scheduling.refusal WHERE instance_id = ANY (?)
               ORDER BY instance_id FOR UPDATE)
            """)
        .param(SqlArrays.texts(made, Made::instanceId))
        .update();
    jdbc.sql(NOTIFY_FACTS).query((row, index) -> true).list();
    return made.size();
  }

  private Map<String, Room> lockNodes(List<Placement> placements) {
    Map<String, Room> rooms = new HashMap<>();
    jdbc.sql(
            """
            SELECT id, vcpu - vcpu_used AS vcpu, memory_mib - memory_mib_used AS memory_mib
            FROM scheduling.node
            WHERE id = ANY (?) AND ready AND NOT draining
            ORDER BY id FOR NO KEY UPDATE
            """)
        .param(placements.stream().map(Placement::nodeId).distinct().toArray(String[]::new))
        .query(row -> {
          rooms.put(row.getString("id"), new Room(row.getInt("vcpu"), row.getInt("memory_mib")));
        });
    return rooms;
  }

  // The intent is read again: a user who stopped the instance since needs no node for it. A
  // conflict
  // with the index of live primaries is a race that another scheduler won. A new allocation is
  // never
  // older than what its instance went through before, whatever the clocks of several schedulers
  // say.
  private static final String ALLOCATE =
      """
      INSERT INTO scheduling.allocation
        (instance_id, epoch, node_id, account_id, instance_type, generation, vcpu, memory_mib,
         allocated_at)
      SELECT i.instance_id, nextval('scheduling.epoch'), p.node_id, i.account_id, i.instance_type,
             i.generation, p.vcpu, p.memory_mib,
             greatest(?, (SELECT max(v.ended_at) FROM scheduling.vm v
                          WHERE v.instance_id = i.instance_id))
      FROM unnest(?::text[], ?::bigint[], ?::text[], ?::int[], ?::int[])
           AS p (instance_id, generation, node_id, vcpu, memory_mib)
      JOIN compute.instance_intent i
        ON i.instance_id = p.instance_id AND i.generation = p.generation AND i.intent = 'RUN'
      ORDER BY i.instance_id
      ON CONFLICT (instance_id) WHERE released_at IS NULL AND role = 'primary' DO NOTHING
      RETURNING instance_id, epoch, node_id, vcpu, memory_mib
      """;

  // The insert may have waited for a transaction that ended the instance's VM, and then it judged
  // by
  // a snapshot from before that end. This statement sees it.
  private static final String TAKE_BACK =
      """
      DELETE FROM scheduling.allocation a
      USING unnest(?::text[], ?::bigint[]) AS p (instance_id, epoch)
      WHERE a.instance_id = p.instance_id AND a.epoch = p.epoch
        AND (EXISTS (SELECT 1 FROM scheduling.vm v
                     WHERE v.instance_id = a.instance_id AND v.generation >= a.generation
                       AND v.cause IN ('GUEST_POWEROFF', 'GUEST_FAILURE'))
             OR EXISTS (SELECT 1 FROM scheduling.allocation b
                        WHERE b.instance_id = a.instance_id AND b.epoch > a.epoch))
      RETURNING a.instance_id, a.epoch, a.node_id, a.vcpu, a.memory_mib
      """;

  private List<Made> allocate(List<Placement> fitting, Instant now) {
    List<Made> made =
        new ArrayList<>(
            jdbc.sql(ALLOCATE)
                .param(Times.sql(now))
                .param(SqlArrays.texts(fitting, placement -> placement.demand().instanceId()))
                .param(SqlArrays.longs(fitting, placement -> placement.demand().generation()))
                .param(SqlArrays.texts(fitting, Placement::nodeId))
                .param(SqlArrays.longs(fitting, placement -> placement.demand().need().vcpu()))
                .param(SqlArrays.longs(fitting, placement -> placement.demand().need().memoryMib()))
                .query((row, index) -> made(row))
                .list());
    if (!made.isEmpty()) {
      made.removeAll(
          jdbc.sql(TAKE_BACK)
              .param(SqlArrays.texts(made, Made::instanceId))
              .param(SqlArrays.longs(made, Made::epoch))
              .query((row, index) -> made(row))
              .list());
    }
    return made;
  }

  private static Made made(java.sql.ResultSet row) throws java.sql.SQLException {
    return new Made(
        row.getString("instance_id"),
        row.getLong("epoch"),
        row.getString("node_id"),
        row.getInt("vcpu"),
        row.getInt("memory_mib"));
  }

  private void holdCapacity(List<Made> made) {
    int updated =
        jdbc.sql(
                """
                UPDATE scheduling.node n
                SET vcpu_used = n.vcpu_used + s.vcpu,
                    memory_mib_used = n.memory_mib_used + s.memory_mib
                FROM (SELECT node_id, sum(vcpu)::int AS vcpu, sum(memory_mib)::int AS memory_mib
                      FROM unnest(?::text[], ?::int[], ?::int[]) AS m (node_id, vcpu, memory_mib)
                      GROUP BY node_id) s
                WHERE n.id = s.node_id AND n.ready AND NOT n.draining
                  AND n.vcpu - n.vcpu_used >= s.vcpu
                  AND n.memory_mib - n.memory_mib_used >= s.memory_mib
                """)
            .param(SqlArrays.texts(made, Made::nodeId))
            .param(SqlArrays.longs(made, Made::vcpu))
            .param(SqlArrays.longs(made, Made::memoryMib))
            .update();
    long nodes = made.stream().map(Made::nodeId).distinct().count();
    if (updated != nodes) {
      throw new IllegalStateException(
          "nodes changed under their lock: " + updated + " of " + nodes + " have the room");
    }
  }

  // A refusal that still says 'starts again in N s' stays until that time; an unchanged one is not
  // written again.
  private static final String REFUSE =
      """
      INSERT INTO scheduling.refusal AS r (instance_id, generation, reason, since)
      SELECT p.instance_id, p.generation, p.reason, ?::timestamptz
      FROM unnest(?::text[], ?::bigint[], ?::text[]) AS p (instance_id, generation, reason)
      ORDER BY p.instance_id
      ON CONFLICT (instance_id) DO UPDATE
      SET generation = excluded.generation, reason = excluded.reason, not_before = NULL,
          since = CASE WHEN r.generation = excluded.generation THEN r.since ELSE excluded.since END
      WHERE r.generation < excluded.generation
         OR (r.generation = excluded.generation AND r.reason <> excluded.reason
             AND (r.not_before IS NULL OR r.not_before <= excluded.since))
      """;

  private static final String FORGET_REFUSALS =
      """
      DELETE FROM scheduling.refusal WHERE instance_id IN
        (SELECT r.instance_id FROM scheduling.refusal r
         WHERE EXISTS (SELECT 1 FROM scheduling.allocation a
                       WHERE a.instance_id = r.instance_id AND a.released_at IS NULL
                         AND a.role = 'primary')
            OR NOT EXISTS (SELECT 1 FROM compute.instance_intent i
                           WHERE i.instance_id = r.instance_id AND i.intent = 'RUN')
         ORDER BY r.instance_id FOR UPDATE SKIP LOCKED)
      """;

  /// One row for each instance that waits, with the reason as it is now; rows of instances that no
  /// longer wait go.
  public void refuse(List<Refusal> refusals, Instant now) {
    if (!refusals.isEmpty()) {
      List<Refusal> sorted =
          refusals.stream()
              .sorted(Comparator.comparing(refusal -> refusal.demand().instanceId()))
              .toList();
      jdbc.sql(REFUSE)
          .param(Times.sql(now))
          .param(SqlArrays.texts(sorted, refusal -> refusal.demand().instanceId()))
          .param(SqlArrays.longs(sorted, refusal -> refusal.demand().generation()))
          .param(SqlArrays.texts(sorted, refusal -> Texts.cut(refusal.reason())))
          .update();
    }
    jdbc.sql(FORGET_REFUSALS).update();
  }
}
