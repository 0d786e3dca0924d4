package brume.compute.instance;

import brume.compute.access.Principal;
import brume.contract.InstanceState;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An instance as the API shows it.
///
/// @param node only for operators of the cloud
public record InstanceView(
    String id,
    @Nullable String name,
    String state,
    @Nullable StateReason stateReason,
    String reservationId,
    String imageId,
    String imageName,
    String type,
    int vcpu,
    int memoryMib,
    @Nullable String zone,
    @Nullable NodeReference node,
    Map<String, String> tags,
    long generation,
    boolean terminationProtected,
    Instant createdAt,
    @Nullable Instant runningSince,
    @Nullable Instant terminatedAt,
    @Nullable Counters counters) {

  /// Which node.
  public record NodeReference(String id, String name) {}

  static InstanceView of(Instance instance, Principal reader) {
    InstanceState state = instance.state();
    Fact fact = instance.fact();
    boolean placed = fact != null && fact.allocated();
    Fact.Vm vm = fact == null ? null : fact.vm();
    boolean runs = state == InstanceState.RUNNING;
    return new InstanceView(
        instance.id(),
        instance.name(),
        state.text(),
        StateReason.of(instance, reader.cloudOperator()),
        instance.reservationId(),
        instance.imageId(),
        instance.imageName(),
        instance.type(),
        instance.vcpu(),
        instance.memoryMib(),
        fact != null && placed ? fact.place().zone() : instance.zone(),
        fact != null && placed && reader.cloudOperator()
            ? new NodeReference(fact.place().nodeId(), fact.place().nodeName())
            : null,
        instance.tags(),
        instance.generation(),
        instance.terminationProtected(),
        instance.createdAt(),
        vm != null && runs ? vm.runningSince() : null,
        state == InstanceState.TERMINATED ? terminatedAt(instance, vm) : null,
        vm != null ? vm.counters() : null);
  }

  /// The row is marked a moment later than the state can be read off it.
  private static Instant terminatedAt(Instance instance, Fact.@Nullable Vm vm) {
    Instant marked = instance.terminatedAt();
    if (marked != null) {
      return marked;
    }
    Instant ended = vm == null ? null : vm.endedAt();
    Instant asked = instance.intentAt();
    return ended != null && ended.isAfter(asked) ? ended : asked;
  }
}
