package brume.compute.account;

/// What an account holds: everything that was not told to terminate.
public record QuotaUse(int instances, int vcpu, long memoryMib) {
  public QuotaUse plus(QuotaUse more) {
    return new QuotaUse(instances + more.instances, vcpu + more.vcpu, memoryMib + more.memoryMib);
  }
}
