package brume.scheduler.fleet;

import brume.contract.Intent;
import brume.contract.Resources;
import brume.contract.VmState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An allocation that is held, with what its instance's user wants and the VM that its node
/// reported.
///
/// ```
///            T2: placed                       T3: the VM's end is reported
///  (none) ─────────────▶ held, no VM ──▶ held, VM live ──────────────▶ released
///                            │  GONE for what never started                ▲
///                            ├─────────────────────────────────────────────┤
///                            └── the node is lost (lease + margin over) ───┘
/// ```
///
/// `released` is final. A new start is a new allocation with a larger epoch.
///
/// @param generation of the intent that asked for it
/// @param intent null when the instance is in no view any more: its user can't want it
/// @param intentGeneration 0 when `intent` is null
public record HeldAllocation(
    String instanceId,
    long epoch,
    String accountId,
    String instanceType,
    long generation,
    Resources held,
    Instant allocatedAt,
    @Nullable Intent intent,
    long intentGeneration,
    @Nullable Vm vm) {

  /// The VM's row.
  ///
  /// @param stateAt when it reached this state
  public record Vm(
      VmState state, long generation, @Nullable Instant runningSince, Instant stateAt) {}

  public Key key() {
    return new Key(instanceId, epoch);
  }

  /// The earliest time at which something new can have happened to the instance.
  public Instant notBefore() {
    return vm == null ? allocatedAt : vm.stateAt();
  }

  /// What names an allocation and its VM everywhere.
  public record Key(String instanceId, long epoch) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byInstance = instanceId.compareTo(other.instanceId);
      return byInstance != 0 ? byInstance : Long.compare(epoch, other.epoch);
    }
  }
}
