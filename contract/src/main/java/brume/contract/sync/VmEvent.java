package brume.contract.sync;

import brume.contract.EndCause;
import brume.contract.VmState;
import org.jspecify.annotations.Nullable;

/// A change of a VM's state that the scheduler has not acknowledged yet. Events are sent again
/// until they are, so none is lost between two syncs, and a repeated one changes nothing.
///
/// @param sequence counts the events of this boot of the agent, from 1, without gaps
/// @param monotonicNanos when it happened, on the node's monotonic clock
/// @param cause set when `state` is an end
/// @param reason what a user may read, at most 500 characters
/// @param consoleBase64 the last output of a VM that ended, at most 64 KiB, in base64
/// @param counters what a VM that ended had used in all; null with other states, and where there
///   was never anything to count
public record VmEvent(
    long sequence,
    String instanceId,
    long epoch,
    long generation,
    VmState state,
    long monotonicNanos,
    @Nullable EndCause cause,
    @Nullable String reason,
    @Nullable String consoleBase64,
    @Nullable VmCounters counters) {
  public static final int REASON_LENGTH_MAX = 500;
  public static final int CONSOLE_BYTES_MAX = 64 * 1024;
}
