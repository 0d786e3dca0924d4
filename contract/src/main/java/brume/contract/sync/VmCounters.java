package brume.contract.sync;

/// What one VM has used since it started. Counts only grow, but for memory.
///
/// @param instructions retired by the guest
/// @param cpuNanos processor time that the node spent on the guest
/// @param memoryTouchedBytes host memory that holds pages the guest has touched
/// @param guestResets how often the guest began anew by itself; reboots from outside don't count
public record VmCounters(
    long instructions,
    long cpuNanos,
    long memoryTouchedBytes,
    long diskReadBytes,
    long diskWrittenBytes,
    long networkReceivedBytes,
    long networkSentBytes,
    long guestResets) {
  public static final VmCounters ZERO = new VmCounters(0, 0, 0, 0, 0, 0, 0, 0);
}
