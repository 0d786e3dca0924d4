package brume.node.vm;

import brume.contract.EndCause;
import brume.contract.VmState;
import org.jspecify.annotations.Nullable;

/// How a VM is being brought to its end, and what that end will be called.
///
/// @param state GONE where the end was wanted, FAILED where it was suffered
/// @param cut true: at once. false: the guest is asked first and has a time of grace
public record Ending(VmState state, EndCause cause, @Nullable String reason, boolean cut) {
  public Ending {
    if (!state.isEnd()) {
      throw new IllegalArgumentException("an ending ends in GONE or FAILED, not " + state);
    }
  }

  static Ending inGoodOrder() {
    return new Ending(VmState.GONE, EndCause.REQUESTED, null, false);
  }

  static Ending cut(@Nullable String reason) {
    return new Ending(VmState.GONE, EndCause.REQUESTED, reason, true);
  }

  /// The lease is over: the scheduler may already have given the instance to another node.
  public static Ending leaseOver() {
    return new Ending(
        VmState.FAILED,
        EndCause.NODE_LOST,
        "the node could not reach the scheduler before its lease was over",
        true);
  }

  /// The agent goes away, and its VMs with it. Those that should run are started again elsewhere,
  /// or here when the agent is back.
  public static Ending agentStops() {
    return new Ending(VmState.GONE, EndCause.NODE_RESTARTED, "the node was shut down", false);
  }

  Ending hurried() {
    return new Ending(state, cause, reason, true);
  }
}
