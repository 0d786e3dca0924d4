package brume.hypervisor.machine;

/// A machine's part of the processors.
///
/// @param weight relative to the other machines that want to run; 1 to 10,000
/// @param capPermille the most it gets, in thousandths of one processor, whatever is free; 1 to
///   1000
public record ProcessorShare(int weight, int capPermille) {
  public static final ProcessorShare DEFAULT = new ProcessorShare(100, 1000);

  public ProcessorShare {
    if (weight < 1 || weight > 10_000) {
      throw new IllegalArgumentException("weight: " + weight + "; must be 1 to 10000");
    }
    if (capPermille < 1 || capPermille > 1000) {
      throw new IllegalArgumentException("cap: " + capPermille + "; must be 1 to 1000 thousandths");
    }
  }

  public static ProcessorShare ofWeight(int weight) {
    return new ProcessorShare(weight, 1000);
  }
}
