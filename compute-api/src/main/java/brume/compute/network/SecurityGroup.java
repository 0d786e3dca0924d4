package brume.compute.network;

import brume.compute.resource.Resource;

/// A set of rules that interfaces are given.
public record SecurityGroup(
    String id, String accountId, String region, String vpcId, String name, String description)
    implements Resource {
  public static final String DEFAULT = "default";
}
