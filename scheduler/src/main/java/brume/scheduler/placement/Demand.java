package brume.scheduler.placement;

import brume.contract.Checks;
import brume.contract.Resources;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an instance that waits needs.
///
/// @param reservationId the request it came with, whose instances are spread over zones
/// @param generation of the intent that asks; a newer intent makes the demand stale
/// @param zone where it must be; null for anywhere
/// @param avoidNodes nodes that could not start it a short while ago: taken only when no other fits
public record Demand(
    String instanceId,
    String reservationId,
    long generation,
    Resources need,
    @Nullable String zone,
    Set<String> avoidNodes) {

  public Demand {
    Checks.range("need.vcpu", need.vcpu(), 1, 1 << 20);
    Checks.range("need.memoryMib", need.memoryMib(), 1, Integer.MAX_VALUE);
    avoidNodes = Set.copyOf(avoidNodes);
  }

  /// In the words of a refusal: ` in zone a`, or nothing.
  String inZone() {
    return zone == null ? "" : " in zone " + zone;
  }
}
