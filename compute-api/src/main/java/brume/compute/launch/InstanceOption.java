package brume.compute.launch;

import brume.compute.table.Parts;
import org.jspecify.annotations.Nullable;

/// What one instance was launched with beside what every instance has.
///
/// @param zone by its full name
/// @param typeAsked what the client calls the type; null for its own name
public record InstanceOption(
    String instanceId,
    String accountId,
    String region,
    String zone,
    @Nullable String vpcId,
    @Nullable String subnetId,
    @Nullable String keyName,
    @Nullable String clientToken,
    String shutdownBehavior,
    boolean disableApiStop,
    boolean ebsOptimized,
    boolean monitoring,
    String cpuCredits,
    MetadataOptions metadata,
    @Nullable String placementGroup,
    String tenancy,
    @Nullable String launchTemplateId,
    @Nullable String launchTemplateVersion,
    @Nullable String typeAsked) {

  /// What holds for an instance that was launched at another door.
  public static InstanceOption usual(String instanceId, String accountId, String region) {
    return new InstanceOption(
        instanceId,
        accountId,
        region,
        "",
        null,
        null,
        null,
        null,
        "stop",
        false,
        false,
        false,
        "standard",
        MetadataOptions.USUAL,
        null,
        "default",
        null,
        null,
        null);
  }

  public InstanceOption withDisableApiStop(boolean stop) {
    return Parts.with(this, "disableApiStop", stop);
  }

  public InstanceOption withTypeAsked(@Nullable String name) {
    return Parts.with(this, "typeAsked", name);
  }

  public InstanceOption withShutdownBehavior(String behavior) {
    return Parts.with(this, "shutdownBehavior", behavior);
  }

  public InstanceOption withEbsOptimized(boolean optimized) {
    return Parts.with(this, "ebsOptimized", optimized);
  }

  public InstanceOption withMonitoring(boolean monitored) {
    return Parts.with(this, "monitoring", monitored);
  }

  public InstanceOption withCpuCredits(String credits) {
    return Parts.with(this, "cpuCredits", credits);
  }

  public InstanceOption withMetadata(MetadataOptions options) {
    return Parts.with(this, "metadata", options);
  }
}
