package brume.compute.image;

/// A size that an instance may have.
///
/// @param baselinePercent the guaranteed share of processors, in percent of one, for all its vCPUs
public record InstanceType(String name, int vcpu, int memoryMib, int baselinePercent) {}
