package brume.scheduler.fleet;

import brume.contract.EndCause;
import brume.contract.VmState;
import brume.contract.sync.VmCounters;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a VM's row becomes.
///
/// @param generation the newest one that the node acted on
/// @param at when it reached `state`
/// @param console its last output, set at the end only
/// @param counters what it used in all, set at the end only and where its node knew
@SuppressWarnings("ArrayRecordComponent") // handed to the database and never compared
public record VmChange(
    HeldAllocation allocation,
    VmState state,
    long generation,
    Instant at,
    @Nullable EndCause cause,
    @Nullable String reason,
    @Nullable Instant runningSince,
    byte @Nullable [] console,
    @Nullable VmCounters counters) {

  /// True when the end is not of the guest's or the user's making, so that the instance is started
  /// again if its user still wants it to run. An end that the node calls requested while RUN is
  /// wanted is a start that crossed a stop: it starts again too.
  public boolean startsAgain() {
    return cause != null && (cause.isRestartable() || cause == EndCause.REQUESTED);
  }
}
