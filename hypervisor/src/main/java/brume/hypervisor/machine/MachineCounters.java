package brume.hypervisor.machine;

import brume.hypervisor.device.TrafficCounter;

/// What a machine has used since it was made; all but `memoryTouchedBytes` and `creditNanos` never
/// go down.
///
/// @param instructions retired by all harts
/// @param cpuNanos processor time of the host
/// @param creditNanos processor time it may use beyond its baseline; Long.MAX_VALUE if it has no
///   baseline
/// @param memoryTouchedBytes host memory that its RAM takes
/// @param resets how often the guest has booted again
/// @param faults virtio devices that are out of order because their driver broke the rules
public record MachineCounters(
    long instructions,
    long cpuNanos,
    long creditNanos,
    long memoryTouchedBytes,
    long resets,
    long faults,
    TrafficCounter.Snapshot disk,
    TrafficCounter.Snapshot network,
    TrafficCounter.Snapshot console) {}
