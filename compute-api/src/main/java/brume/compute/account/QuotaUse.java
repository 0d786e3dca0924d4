package brume.compute.account;

/// What an account holds: everything that was not told to terminate.
public record QuotaUse(int instances, int vcpu, long memoryMib) {}
