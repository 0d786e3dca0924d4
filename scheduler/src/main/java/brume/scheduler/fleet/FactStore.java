package brume.scheduler.fleet;

import brume.contract.Intent;
import brume.contract.Resources;
import brume.contract.VmState;
import brume.contract.sync.VmCounters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Writes what became of a node's VMs: their rows, the capacity they give back, when they start
/// again, and the transitions. Its callers hold the node's row lock in a transaction of theirs.
public final class FactStore {
  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  public FactStore(JdbcTemplate jdbcTemplate) {
    this.jdbc = JdbcClient.create(jdbcTemplate);
    this.batches = jdbcTemplate;
  }

  /// All that the node holds, by instance.
  public List<HeldAllocation> held(String nodeId) {
    return jdbc.sql(
            """
            SELECT a.instance_id, a.epoch, a.account_id, a.instance_type, a.generation, a.vcpu,
                   a.memory_mib, a.allocated_at, i.intent,
                   coalesce(i.generation, 0) AS intent_generation, v.state,
                   v.generation AS vm_generation, v.running_since, v.state_at
            FROM scheduling.allocation a
            LEFT JOIN scheduling.vm v ON v.instance_id = a.instance_id AND v.epoch = a.epoch
            LEFT JOIN compute.instance_intent i ON i.instance_id = a.instance_id
            WHERE a.node_id = ? AND a.released_at IS NULL
            ORDER BY a.instance_id, a.epoch
            """)
        .param(nodeId)
        .query((row, index) -> held(row))
        .list();
  }

  private static HeldAllocation held(ResultSet row) throws SQLException {
    String state = row.getString("state");
    String intent = row.getString("intent");
    return new HeldAllocation(
        row.getString("instance_id"),
        row.getLong("epoch"),
        row.getString("account_id"),
        row.getString("instance_type"),
        row.getLong("generation"),
        new Resources(row.getInt("vcpu"), row.getInt("memory_mib")),
        Objects.requireNonNull(Times.read(row, "allocated_at")),
        intent == null ? null : Intent.valueOf(intent),
        row.getLong("intent_generation"),
        state == null
            ? null
            : new HeldAllocation.Vm(
                VmState.valueOf(state),
                row.getLong("vm_generation"),
                Times.read(row, "running_since"),
                Objects.requireNonNull(Times.read(row, "state_at"))));
  }

  /// VM rows, releases and restarts. [#append(String, Facts, Instant)] must follow in the same
  /// transaction, as its last statement.
  public void write(String nodeId, Facts facts, Instant now) {
    if (facts.isEmpty()) {
      return;
    }
    List<VmChange> vms =
        facts.vms().stream().sorted(Comparator.comparing(vm -> vm.allocation().key())).toList();
    writeVms(nodeId, vms, now);
    writeLastCounters(vms);
    List<VmChange> ended = vms.stream().filter(vm -> vm.state().isEnd()).toList();
    release(
        nodeId,
        Stream.concat(ended.stream().map(VmChange::allocation), facts.neverStarted().stream())
            .toList(),
        now);
    delayRestarts(ended, now);
  }

  /// The head row is locked from here to the commit, so this comes last: the log's numbers are in
  /// commit order for every reader.
  public void append(String nodeId, Facts facts, Instant now) {
    if (facts.isEmpty()) {
      return;
    }
    jdbc.sql(PlanStore.NOTIFY_FACTS).query((row, index) -> true).list();
    appendTransitions(nodeId, facts.transitions(), now);
  }

  private void writeVms(String nodeId, List<VmChange> vms, Instant now) {
    batches.batchUpdate(
        """
        INSERT INTO scheduling.vm AS v
          (instance_id, epoch, node_id, state, generation, cause, reason, running_since, ended_at,
           state_at, observed_at, console)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (instance_id, epoch) DO UPDATE
        SET state = excluded.state, generation = greatest(v.generation, excluded.generation),
            cause = excluded.cause, reason = excluded.reason,
            running_since = coalesce(v.running_since, excluded.running_since),
            ended_at = excluded.ended_at, state_at = excluded.state_at,
            observed_at = excluded.observed_at, console = excluded.console
        WHERE v.cause IS NULL
        """,
        vms,
        500,
        (statement, vm) -> {
          HeldAllocation allocation = vm.allocation();
          statement.setString(1, allocation.instanceId());
          statement.setLong(2, allocation.epoch());
          statement.setString(3, nodeId);
          statement.setString(4, vm.state().name());
          statement.setLong(5, vm.generation());
          statement.setString(6, vm.cause() == null ? null : vm.cause().name());
          statement.setString(7, vm.reason());
          statement.setObject(8, sqlOrNull(vm.runningSince()));
          statement.setObject(9, vm.state().isEnd() ? Times.sql(vm.at()) : null);
          statement.setObject(10, Times.sql(vm.at()));
          statement.setObject(11, Times.sql(now));
          statement.setBytes(12, vm.console());
        });
  }

  private void writeLastCounters(List<VmChange> vms) {
    batches.batchUpdate(
        """
        UPDATE scheduling.vm
        SET instructions = ?, cpu_nanos = ?, memory_touched = ?, disk_read = ?, disk_written = ?,
            net_received = ?, net_sent = ?, guest_resets = ?
        WHERE instance_id = ? AND epoch = ?
        """,
        vms.stream().filter(vm -> vm.counters() != null).toList(),
        500,
        (statement, vm) -> {
          VmCounters last = Objects.requireNonNull(vm.counters());
          statement.setLong(1, last.instructions());
          statement.setLong(2, last.cpuNanos());
          statement.setLong(3, last.memoryTouchedBytes());
          statement.setLong(4, last.diskReadBytes());
          statement.setLong(5, last.diskWrittenBytes());
          statement.setLong(6, last.networkReceivedBytes());
          statement.setLong(7, last.networkSentBytes());
          statement.setLong(8, last.guestResets());
          statement.setString(9, vm.allocation().instanceId());
          statement.setLong(10, vm.allocation().epoch());
        });
  }

  private static java.time.@Nullable OffsetDateTime sqlOrNull(@Nullable Instant instant) {
    return instant == null ? null : Times.sql(instant);
  }

  private void release(String nodeId, List<HeldAllocation> ended, Instant now) {
    if (ended.isEmpty()) {
      return;
    }
    List<HeldAllocation> sorted =
        ended.stream().sorted(Comparator.comparing(HeldAllocation::key)).toList();
    // What counts is what was still held: releasing twice must not give capacity back twice.
    int updated =
        jdbc.sql(
                """
                WITH released AS (
                  UPDATE scheduling.allocation a SET released_at = ?
                  FROM unnest(?::text[], ?::bigint[]) AS e (instance_id, epoch)
                  WHERE a.instance_id = e.instance_id AND a.epoch = e.epoch AND a.node_id = ?
                    AND a.released_at IS NULL
                  RETURNING a.vcpu, a.memory_mib)
                UPDATE scheduling.node n
                SET vcpu_used = n.vcpu_used - s.vcpu,
                    memory_mib_used = n.memory_mib_used - s.memory_mib
                FROM (SELECT coalesce(sum(vcpu), 0) AS vcpu,
                             coalesce(sum(memory_mib), 0) AS memory_mib FROM released) s
                WHERE n.id = ?
                """)
            .param(Times.sql(now))
            .param(SqlArrays.texts(sorted, HeldAllocation::instanceId))
            .param(SqlArrays.longs(sorted, HeldAllocation::epoch))
            .param(nodeId)
            .param(nodeId)
            .update();
    if (updated != 1) {
      throw new IllegalStateException("node " + nodeId + " is gone from under its lock");
    }
  }

  /// An instance whose user still wants it to run starts again, a little later each time.
  private void delayRestarts(List<VmChange> ended, Instant now) {
    // Of two epochs of one instance the later says how it goes on; a statement may have a row once.
    Map<String, VmChange> byInstance = new TreeMap<>();
    ended.stream()
        .filter(vm -> vm.startsAgain() && vm.allocation().intent() == Intent.RUN)
        .filter(vm -> vm.generation() >= vm.allocation().intentGeneration())
        .sorted(Comparator.comparingLong(vm -> vm.allocation().epoch()))
        .forEach(vm -> byInstance.put(vm.allocation().instanceId(), vm));
    List<VmChange> again = List.copyOf(byInstance.values());
    if (again.isEmpty()) {
      return;
    }
    Map<String, Integer> failures = recentFailures(again, now);
    batches.batchUpdate(
        """
        INSERT INTO scheduling.refusal AS r (instance_id, generation, reason, since, not_before)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (instance_id) DO UPDATE
        SET generation = excluded.generation, reason = excluded.reason,
            not_before = excluded.not_before, since = excluded.since
        WHERE r.generation <= excluded.generation
        """,
        again,
        500,
        (statement, vm) -> {
          String instanceId = vm.allocation().instanceId();
          Duration delay = Restarts.delay(failures.getOrDefault(instanceId, 1));
          String reason = Restarts.reason(delay, Objects.requireNonNull(vm.cause()), vm.reason());
          statement.setString(1, instanceId);
          statement.setLong(2, vm.allocation().intentGeneration());
          statement.setString(3, Texts.cut(reason));
          statement.setObject(4, Times.sql(now));
          statement.setObject(5, Times.sql(now.plus(delay)));
        });
  }

  private Map<String, Integer> recentFailures(List<VmChange> again, Instant now) {
    Map<String, Integer> failures = new HashMap<>();
    jdbc.sql(
            """
            SELECT v.instance_id, count(*) AS failures
            FROM scheduling.vm v
            JOIN unnest(?::text[], ?::bigint[]) AS e (instance_id, generation)
              ON v.instance_id = e.instance_id AND v.generation = e.generation
            WHERE v.cause IS NOT NULL AND v.observed_at > ?
            GROUP BY v.instance_id
            """)
        .param(SqlArrays.texts(again, vm -> vm.allocation().instanceId()))
        .param(SqlArrays.longs(again, vm -> vm.allocation().intentGeneration()))
        .param(Times.sql(now.minus(Restarts.WINDOW)))
        .query(row -> {
          failures.put(row.getString("instance_id"), row.getInt("failures"));
        });
    return failures;
  }

  private void appendTransitions(String nodeId, List<Transition> transitions, Instant now) {
    if (transitions.isEmpty()) {
      return;
    }
    long last =
        jdbc.sql("UPDATE scheduling.transition_head SET seq = seq + ? RETURNING seq")
            .param(transitions.size())
            .query(Long.class)
            .single();
    long[] seq = {last - transitions.size()};
    batches.batchUpdate(
        """
        INSERT INTO scheduling.transition
          (seq, instance_id, epoch, generation, account_id, instance_type, node_id, state, cause,
           reason, at, recorded_at, node_boot_id, node_monotonic, event_sequence)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        transitions,
        500,
        (statement, transition) -> {
          HeldAllocation allocation = transition.allocation();
          Transition.Evidence evidence = transition.evidence();
          statement.setLong(1, ++seq[0]);
          statement.setString(2, allocation.instanceId());
          statement.setLong(3, allocation.epoch());
          statement.setLong(4, transition.generation());
          statement.setString(5, allocation.accountId());
          statement.setString(6, allocation.instanceType());
          statement.setString(7, nodeId);
          statement.setString(8, transition.state().name());
          statement.setString(9, transition.cause() == null ? null : transition.cause().name());
          statement.setString(10, transition.reason());
          statement.setObject(11, Times.sql(transition.at()));
          statement.setObject(12, Times.sql(Times.latest(now, transition.at())));
          statement.setString(13, evidence == null ? null : evidence.bootId());
          statement.setObject(14, evidence == null ? null : evidence.monotonicNanos());
          statement.setObject(15, evidence == null ? null : evidence.eventSequence());
        });
  }
}
