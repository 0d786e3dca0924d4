package brume.compute.instance;

import java.time.Instant;

/// What a VM has used since it started, as of `observedAt`.
public record Counters(
    Instant observedAt,
    long instructions,
    double cpuSeconds,
    long memoryTouchedBytes,
    long diskReadBytes,
    long diskWrittenBytes,
    long networkReceivedBytes,
    long networkSentBytes,
    long guestResets) {}
