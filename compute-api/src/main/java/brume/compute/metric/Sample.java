package brume.compute.metric;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What one VM had used since it started, at one time. Counts only grow, but for memory.
///
/// @param runningSince null where it never ran
record Sample(
    long epoch,
    Instant at,
    @Nullable Instant runningSince,
    long instructions,
    long cpuNanos,
    long memoryTouchedBytes,
    long diskReadBytes,
    long diskWrittenBytes,
    long networkReceivedBytes,
    long networkSentBytes,
    long guestResets) {}
