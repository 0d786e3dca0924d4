package brume.contract.sync;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The scheduler's answer to a report.
///
/// @param acknowledgedSequence events up to here are durable: the node forgets them
/// @param leaseMillis from the moment the node sent the request, it may run VMs for this long;
///   after that without another answer it stops them
/// @param version of the desired set
/// @param desired the whole set; null when `version` is the one that the node already holds
public record SyncResponse(
    long acknowledgedSequence,
    int leaseMillis,
    String version,
    @Nullable List<DesiredVm> desired) {}
