package brume.scheduler.sync;

import brume.contract.sync.SyncRequest;
import brume.contract.sync.SyncResponse;
import brume.scheduler.fleet.Times;
import brume.scheduler.sync.ReportStore.Accepted;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The exchange with one node: its report is taken in, then its desired set is answered, at once
/// where that is news and after a while where it is not.
public final class NodeSync {
  private static final Logger LOG = LoggerFactory.getLogger(NodeSync.class);

  /// An answer may be held for so much of a lease: the lease runs from when the request was sent,
  /// so the node needs the rest of it for the next exchange.
  private static final int LEASE_PARTS = 3;

  private final ReportStore reports;
  private final DesiredQueries desired;
  private final DesiredWatch watch;
  private final Clock clock;
  private final Duration lease;

  public NodeSync(
      ReportStore reports,
      DesiredQueries desired,
      DesiredWatch watch,
      Clock clock,
      Duration lease) {
    this.reports = reports;
    this.desired = desired;
    this.watch = watch;
    this.clock = clock;
    this.lease = lease;
  }

  /// @param nodeId of the node that proved to be it
  public SyncResponse sync(String nodeId, SyncRequest report) throws InterruptedException {
    ReportChecks.check(report);
    Accepted accepted = reports.accept(nodeId, report, Times.now(clock));
    if (accepted.becameReady()) {
      LOG.info("node {} ({}) takes new work", accepted.nodeName(), nodeId);
    }
    Duration wait = Duration.ofMillis(report.waitMillis());
    Duration waitMax = lease.dividedBy(LEASE_PARTS);
    if (report.knownVersion() != null && !wait.isZero()) {
      watch.await(nodeId, report.knownVersion(), wait.compareTo(waitMax) < 0 ? wait : waitMax);
    }
    DesiredSet set = desired.desired(nodeId);
    return new SyncResponse(
        accepted.acknowledged(),
        Math.toIntExact(lease.toMillis()),
        set.version(),
        set.version().equals(report.knownVersion()) ? null : set.vms());
  }
}
