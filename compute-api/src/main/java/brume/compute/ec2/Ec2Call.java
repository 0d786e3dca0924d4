package brume.compute.ec2;

import brume.compute.access.Caller;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.region.Region;
import brume.compute.resource.Scope;
import org.jspecify.annotations.Nullable;

/// One call of an action: who asks, and in which region.
public record Ec2Call(String action, Caller caller, Region region) {
  private static final int TOKEN_MAX = 64;

  public String accountId() {
    return caller.accountId();
  }

  /// Where this call looks and changes, and nowhere else.
  public Scope scope() {
    return new Scope(accountId(), region.name());
  }

  /// The caller with a client token as the key that makes the work happen once; tokens of other
  /// actions and regions are others.
  public Caller withToken(@Nullable String clientToken) {
    if (clientToken != null && clientToken.length() > TOKEN_MAX) {
      throw Ec2Fault.value(
          "clientToken", clientToken, "It may have " + TOKEN_MAX + " ASCII characters.");
    }
    return caller.withKey(
        clientToken == null || clientToken.isEmpty()
            ? null
            : "2/" + regionName() + "/" + action + "/" + clientToken);
  }

  public String regionName() {
    return region.name();
  }
}
