package brume.compute.launch;

import org.jspecify.annotations.Nullable;

/// What one instance was launched with beside what every instance has.
///
/// @param zone by its full name
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
    boolean disableApiTermination,
    boolean disableApiStop,
    boolean ebsOptimized,
    boolean monitoring,
    String cpuCredits,
    MetadataOptions metadata,
    @Nullable String placementGroup,
    String tenancy,
    @Nullable String launchTemplateId,
    @Nullable String launchTemplateVersion) {

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
        false,
        "standard",
        MetadataOptions.USUAL,
        null,
        "default",
        null,
        null);
  }

  public InstanceOption withProtection(boolean termination, boolean stop) {
    return new InstanceOption(
        instanceId,
        accountId,
        region,
        zone,
        vpcId,
        subnetId,
        keyName,
        clientToken,
        shutdownBehavior,
        termination,
        stop,
        ebsOptimized,
        monitoring,
        cpuCredits,
        metadata,
        placementGroup,
        tenancy,
        launchTemplateId,
        launchTemplateVersion);
  }

  public InstanceOption withShutdownBehavior(String behavior) {
    return new InstanceOption(
        instanceId,
        accountId,
        region,
        zone,
        vpcId,
        subnetId,
        keyName,
        clientToken,
        behavior,
        disableApiTermination,
        disableApiStop,
        ebsOptimized,
        monitoring,
        cpuCredits,
        metadata,
        placementGroup,
        tenancy,
        launchTemplateId,
        launchTemplateVersion);
  }

  public InstanceOption withEbsOptimized(boolean optimized) {
    return new InstanceOption(
        instanceId,
        accountId,
        region,
        zone,
        vpcId,
        subnetId,
        keyName,
        clientToken,
        shutdownBehavior,
        disableApiTermination,
        disableApiStop,
        optimized,
        monitoring,
        cpuCredits,
        metadata,
        placementGroup,
        tenancy,
        launchTemplateId,
        launchTemplateVersion);
  }

  public InstanceOption withMonitoring(boolean monitored) {
    return with(monitored, cpuCredits, metadata);
  }

  public InstanceOption withCpuCredits(String credits) {
    return with(monitoring, credits, metadata);
  }

  public InstanceOption withMetadata(MetadataOptions options) {
    return with(monitoring, cpuCredits, options);
  }

  private InstanceOption with(boolean monitored, String credits, MetadataOptions options) {
    return new InstanceOption(
        instanceId,
        accountId,
        region,
        zone,
        vpcId,
        subnetId,
        keyName,
        clientToken,
        shutdownBehavior,
        disableApiTermination,
        disableApiStop,
        ebsOptimized,
        monitored,
        credits,
        options,
        placementGroup,
        tenancy,
        launchTemplateId,
        launchTemplateVersion);
  }
}
