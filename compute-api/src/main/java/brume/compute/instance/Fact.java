package brume.compute.instance;

import brume.contract.EndCause;
import brume.contract.VmState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the scheduler published last about an instance: its newest allocation and that one's VM.
///
/// @param epoch counts the starts of all instances; a larger one is a later start
/// @param allocated whether capacity is still held
/// @param vm null until the node has reported one
public record Fact(long epoch, boolean allocated, Place place, @Nullable Vm vm) {

  /// The node, and how its own port is reached.
  public record Place(
      String nodeId, String nodeName, String zone, String address, String accessToken) {
    @Override
    public String toString() {
      return "Place[" + nodeId + ", " + nodeName + ", " + zone + "]";
    }
  }

  /// One incarnation of the instance.
  ///
  /// @param generation of the intent that the node has acted on
  /// @param cause null while it lives
  public record Vm(
      VmState state,
      long generation,
      @Nullable EndCause cause,
      @Nullable String reason,
      @Nullable Instant runningSince,
      @Nullable Instant endedAt,
      Counters counters) {}

  public @Nullable VmState vmState() {
    return vm == null ? null : vm.state();
  }
}
