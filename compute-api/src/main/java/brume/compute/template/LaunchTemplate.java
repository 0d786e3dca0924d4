package brume.compute.template;

import brume.compute.resource.Resource;
import java.time.Instant;

/// A launch template, which is a name for its versions.
public record LaunchTemplate(
    String id,
    String accountId,
    String region,
    String name,
    long defaultVersion,
    long latestVersion,
    String createdBy,
    Instant createdAt)
    implements Resource {
  public LaunchTemplate with(long defaultNumber, long latestNumber) {
    return new LaunchTemplate(
        id, accountId, region, name, defaultNumber, latestNumber, createdBy, createdAt);
  }
}
