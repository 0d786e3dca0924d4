package brume.compute.ec2;

import brume.compute.access.Caller;

/// One call of an action: who asks, and in which region.
public record Ec2Call(String action, Caller caller, Region region) {
  public String accountId() {
    return caller.accountId();
  }

  public String regionName() {
    return region.name();
  }
}
