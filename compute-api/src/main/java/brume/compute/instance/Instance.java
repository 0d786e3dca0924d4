package brume.compute.instance;

import brume.contract.EndCause;
import brume.contract.InstanceState;
import brume.contract.Intent;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A user's machine: what was asked of it, and the newest fact about it.
///
/// @param launchIndex its place in its launch, from 0
/// @param zone that was asked for; null for any
/// @param intentReason what the guest's end said, where the intent is not the user's
/// @param unplaced whether it held nothing when its intent became this end: it has ended since,
///   also where a scheduler places it that had not heard
/// @param fact null until it was placed for the first time
/// @param refusal why the scheduler has not placed this generation of it; null when it has
public record Instance(
    String id,
    String accountId,
    String reservationId,
    int launchIndex,
    @Nullable String name,
    String imageId,
    String imageName,
    String type,
    int vcpu,
    int memoryMib,
    @Nullable String zone,
    Map<String, String> tags,
    Intent intent,
    IntentCause intentCause,
    @Nullable String intentReason,
    long generation,
    boolean terminationProtected,
    boolean unplaced,
    Instant createdAt,
    Instant intentAt,
    @Nullable Instant terminatedAt,
    @Nullable Fact fact,
    @Nullable String refusal,
    String region) {

  public InstanceState state() {
    return fact == null || (unplaced && intent != Intent.RUN)
        ? InstanceState.of(intent, false, null)
        : InstanceState.of(intent, fact.allocated(), fact.vmState());
  }

  /// True when the guest itself ended the newest VM and the intent does not say so yet.
  public boolean endedByGuest() {
    Fact.Vm vm = fact == null ? null : fact.vm();
    return intent == Intent.RUN
        && vm != null
        && vm.generation() == generation
        && vm.cause() != null
        && !vm.cause().isRestartable()
        && vm.cause() != EndCause.REQUESTED;
  }
}
