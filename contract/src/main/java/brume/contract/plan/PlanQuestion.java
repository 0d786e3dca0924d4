package brume.contract.plan;

import brume.contract.Checks;
import brume.contract.Resources;
import org.jspecify.annotations.Nullable;

/// `POST /plan`: where would a request of `count` equal instances go, if it was made now?
///
/// @param need of each
/// @param zone where all must be; null for anywhere
public record PlanQuestion(int count, Resources need, @Nullable String zone) {
  public static final int COUNT_MAX = 1_000;
  private static final int ZONE_LENGTH_MAX = 63;

  public PlanQuestion {
    Checks.range("count", count, 1, COUNT_MAX);
    Checks.range("need.vcpu", need.vcpu(), 1, 1 << 20);
    Checks.range("need.memoryMib", need.memoryMib(), 1, Integer.MAX_VALUE);
    if (zone != null) {
      Checks.length("zone", zone, 1, ZONE_LENGTH_MAX);
    }
  }
}
