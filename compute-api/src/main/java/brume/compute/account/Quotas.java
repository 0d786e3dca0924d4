package brume.compute.account;

/// What an account may hold at once.
public record Quotas(int instancesMax, int vcpuMax, long memoryMibMax) {}
