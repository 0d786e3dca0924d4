package brume.scheduler.fleet;

import brume.contract.EndCause;
import brume.contract.VmState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A VM reached a state: one row of the append-only log that billing reads.
///
/// @param at when it counts, never before the instance's earlier transitions
/// @param evidence what the node said; null where the control plane itself declared it
public record Transition(
    HeldAllocation allocation,
    long generation,
    VmState state,
    @Nullable EndCause cause,
    @Nullable String reason,
    Instant at,
    @Nullable Evidence evidence) {

  /// Which boot of the agent, how far into it, and its event's number.
  public record Evidence(String bootId, long monotonicNanos, long eventSequence) {}
}
