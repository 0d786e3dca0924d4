package brume.hypervisor.machine;

import org.jspecify.annotations.Nullable;

/// A machine's part of the processors, for all its harts together.
///
/// @param weight relative to the other machines that want to run; 1 to 10,000
/// @param capPermille the most it gets, in thousandths of one processor, whatever is free; 1 to
///   8000, which no machine can use up
/// @param burst how far it may go beyond its baseline; null if only weight and cap hold it
public record ProcessorShare(int weight, int capPermille, @Nullable BurstCredits burst) {
  public static final int WEIGHT_MAX = 10_000;
  public static final int CAP_PERMILLE_MAX = 1000 * MachineConfig.HARTS_MAX;
  public static final ProcessorShare DEFAULT = ofWeight(100);

  public ProcessorShare {
    if (weight < 1 || weight > WEIGHT_MAX) {
      throw new IllegalArgumentException("weight: " + weight + "; must be 1 to 10000");
    }
    if (capPermille < 1 || capPermille > CAP_PERMILLE_MAX) {
      throw new IllegalArgumentException("cap: " + capPermille + "; must be 1 to 8000 thousandths");
    }
  }

  public ProcessorShare(int weight, int capPermille) {
    this(weight, capPermille, null);
  }

  public static ProcessorShare ofWeight(int weight) {
    return new ProcessorShare(weight, CAP_PERMILLE_MAX);
  }
}
