package brume.contract.sync;

import brume.contract.Resources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `POST /nodes/{id}/sync`: the node's report.
///
/// @param bootId changes each time the agent starts: VMs of an earlier boot are gone
/// @param monotonicNanos the node's monotonic clock as the report is made
/// @param vms every VM that the node has, also those that are ending; a VM that is missing here and
///   was reported in this boot is gone
/// @param events what happened and was not acknowledged yet, oldest first, at most 1,000
/// @param knownVersion the version of the desired set that the node holds; null when it has none
/// @param waitMillis how long the scheduler may hold the answer while that version is current
/// @param accessToken what compute-api must show at the node's own HTTP port
public record SyncRequest(
    String bootId,
    long monotonicNanos,
    Resources capacity,
    String address,
    String accessToken,
    List<VmReport> vms,
    List<VmEvent> events,
    @Nullable String knownVersion,
    int waitMillis) {
  public static final int EVENTS_MAX = 1_000;
  public static final int VMS_MAX = 10_000;
  public static final int WAIT_MILLIS_MAX = 20_000;

  public SyncRequest {
    vms = List.copyOf(vms);
    events = List.copyOf(events);
  }
}
