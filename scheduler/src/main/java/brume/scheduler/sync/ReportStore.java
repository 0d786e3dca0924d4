package brume.scheduler.sync;

import brume.contract.sync.SyncRequest;
import brume.contract.sync.VmReport;
import brume.scheduler.fleet.FactStore;
import brume.scheduler.fleet.NodeRecord;
import brume.scheduler.fleet.NodeStore;
import brume.scheduler.sync.ReportFold.Folded;
import brume.scheduler.web.Problem;
import brume.scheduler.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// T3: one transaction takes in a report, under the lock of the node's row: lease and heartbeat,
/// events, VMs, capacity given back, transitions. All of it is durable before it is acknowledged.
public final class ReportStore {
  /// Earlier boots of a node that are remembered. A report that is later than so many restarts of
  /// its agent is not under way any more.
  private static final int BOOTS_MAX = 20;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final NodeStore nodes;
  private final FactStore facts;
  private final Duration lease;
  private final Duration countersEvery;

  /// @param countersEvery how often the counters of a node's VMs are written at most
  public ReportStore(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      NodeStore nodes,
      FactStore facts,
      Duration lease,
      Duration countersEvery) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.nodes = nodes;
    this.facts = facts;
    this.lease = lease;
    this.countersEvery = countersEvery;
  }

  /// What the node may forget, and whether it takes new work only from now on.
  record Accepted(long acknowledged, boolean becameReady, String nodeName) {}

  /// @param report that [ReportChecks] found to be well-formed
  /// @param now when it came
  Accepted accept(String nodeId, SyncRequest report, Instant now) {
    return Objects.requireNonNull(transaction.execute(status -> acceptLocked(nodeId, report, now)));
  }

  private Accepted acceptLocked(String nodeId, SyncRequest report, Instant now) {
    NodeRecord node =
        nodes.lock(nodeId).orElseThrow(() -> new ProblemException(Problem.unauthenticated()));
    changeBoot(node, report, now);
    Folded folded = ReportFold.of(node, facts.held(nodeId), report, now);
    boolean counters =
        node.countersAt() == null || !now.isBefore(node.countersAt().plus(countersEvery));
    renew(node, report, folded, counters, now);
    facts.write(nodeId, folded.facts(), now);
    writeSeen(node, folded.seen(), counters, now);
    facts.append(nodeId, folded.facts(), now);
    return new Accepted(folded.acknowledged(), !node.ready(), node.name());
  }

  private void changeBoot(NodeRecord node, SyncRequest report, Instant now) {
    if (node.bootId() == null || node.bootId().equals(report.bootId())) {
      return;
    }
    boolean earlier =
        jdbc.sql("SELECT true FROM scheduling.node_boot WHERE node_id = ? AND boot_id = ?")
            .param(node.id())
            .param(report.bootId())
            .query(Boolean.class)
            .optional()
            .isPresent();
    if (earlier) {
      throw new ProblemException(Problem.staleBoot());
    }
    jdbc.sql("INSERT INTO scheduling.node_boot (node_id, boot_id, ended_at) VALUES (?, ?, ?)")
        .param(node.id())
        .param(node.bootId())
        .param(now.atOffset(ZoneOffset.UTC))
        .update();
    jdbc.sql(
            """
            DELETE FROM scheduling.node_boot WHERE node_id = ? AND boot_id NOT IN
              (SELECT boot_id FROM scheduling.node_boot WHERE node_id = ?
               ORDER BY ended_at DESC LIMIT ?)
            """)
        .param(node.id())
        .param(node.id())
        .param(BOOTS_MAX)
        .update();
  }

  private void renew(
      NodeRecord node, SyncRequest report, Folded folded, boolean counters, Instant now) {
    jdbc.sql(
            """
            UPDATE scheduling.node
            SET ready = true, boot_id = ?, event_sequence = ?, report_monotonic = ?,
                vcpu = ?, memory_mib = ?, address = ?, access_token = ?,
                last_heartbeat_at = greatest(last_heartbeat_at, ?),
                lease_expires_at = greatest(lease_expires_at, ?),
                counters_at = CASE WHEN ? THEN ? ELSE counters_at END
            WHERE id = ?
            """)
        .param(report.bootId())
        .param(folded.acknowledged())
        .param(report.monotonicNanos())
        .param(report.capacity().vcpu())
        .param(report.capacity().memoryMib())
        .param(report.address())
        .param(report.accessToken())
        .param(now.atOffset(ZoneOffset.UTC))
        .param(now.plus(lease).atOffset(ZoneOffset.UTC))
        .param(counters)
        .param(now.atOffset(ZoneOffset.UTC))
        .param(node.id())
        .update();
  }

  // A generation or a reboot that the node caught up with is written at once, as users wait for it;
  // counters only now and then, and what they were is kept as a sample where it is time for one.
  private static final String SEEN =
      """
      WITH changed AS (UPDATE scheduling.vm v
      SET generation = greatest(v.generation, s.generation), reboots = s.reboots, observed_at = ?,
          instructions = s.instructions, cpu_nanos = s.cpu_nanos,
          memory_touched = s.memory_touched, disk_read = s.disk_read,
          disk_written = s.disk_written, net_received = s.net_received, net_sent = s.net_sent,
          guest_resets = s.guest_resets
      FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                  ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
           AS s (instance_id, epoch, generation, reboots, instructions, cpu_nanos, memory_touched,
                 disk_read, disk_written, net_received, net_sent, guest_resets)
      WHERE v.instance_id = s.instance_id AND v.epoch = s.epoch AND v.cause IS NULL
        AND (v.generation < s.generation OR v.reboots <> s.reboots
             OR (? AND (v.instructions, v.cpu_nanos, v.memory_touched, v.disk_read, v.disk_written,
                        v.net_received, v.net_sent, v.guest_resets)
                 IS DISTINCT FROM (s.instructions, s.cpu_nanos, s.memory_touched, s.disk_read,
                        s.disk_written, s.net_received, s.net_sent, s.guest_resets)))
        RETURNING v.*)
      INSERT INTO scheduling.vm_sample (instance_id, epoch, at, kept_until, instructions, cpu_nanos,
        memory_touched, disk_read, disk_written, net_received, net_sent, guest_resets)
      SELECT instance_id, epoch, observed_at, ?::timestamptz, instructions, cpu_nanos,
        memory_touched, disk_read, disk_written, net_received, net_sent, guest_resets
      FROM changed WHERE ? ON CONFLICT DO NOTHING
      """;

  private void writeSeen(NodeRecord node, List<VmReport> seen, boolean counters, Instant now) {
    if (seen.isEmpty()) {
      return;
    }
    List<ToLongFunction<VmReport>> columns =
        List.of(
            VmReport::epoch,
            VmReport::generation,
            VmReport::reboots,
            vm -> vm.counters().instructions(),
            vm -> vm.counters().cpuNanos(),
            vm -> vm.counters().memoryTouchedBytes(),
            vm -> vm.counters().diskReadBytes(),
            vm -> vm.counters().diskWrittenBytes(),
            vm -> vm.counters().networkReceivedBytes(),
            vm -> vm.counters().networkSentBytes(),
            vm -> vm.counters().guestResets());
    JdbcClient.StatementSpec statement =
        jdbc.sql(SEEN)
            .param(now.atOffset(ZoneOffset.UTC))
            .param(seen.stream().map(VmReport::instanceId).toArray(String[]::new));
    for (ToLongFunction<VmReport> column : columns) {
      statement = statement.param(seen.stream().mapToLong(column).toArray());
    }
    SamplePlan sample = SamplePlan.of(counters ? node.countersAt() : now, now);
    statement
        .param(counters)
        .param(sample.keptUntil().atOffset(ZoneOffset.UTC))
        .param(sample.due())
        .update();
  }
}
