package brume.compute.ec2.instance;

import brume.compute.ec2.shape.EbsShape;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.NotHere;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a launch and a launch template have in common. Kept as JSON in a template's version.
@NotHere({
  "ElasticGpuSpecification",
  "ElasticInferenceAccelerator",
  "LicenseSpecification",
  "InstanceRequirements",
  "NetworkPerformanceOptions",
  "Operator",
  "SecondaryInterface",
  "RamDiskId",
  "Ipv6Address",
  "EnablePrimaryIpv6"
})
public record LaunchSettings(
    @Nullable String imageId,
    @Nullable String instanceType,
    @Nullable String keyName,
    @Nullable String userData,
    List<String> securityGroupId,
    List<String> securityGroup,
    @Nullable PlacementShape placement,
    @Nullable Boolean ebsOptimized,
    @Nullable MonitoringShape monitoring,
    @Nullable String instanceInitiatedShutdownBehavior,
    @Nullable Boolean disableApiTermination,
    @Nullable Boolean disableApiStop,
    @Nullable CreditShape creditSpecification,
    @Nullable MetadataShape metadataOptions,
    List<EbsShape.Mapping> blockDeviceMapping,
    List<CardShape> networkInterface,
    List<TagSpecification> tagSpecification,
    @Nullable ProfileShape iamInstanceProfile,
    @Nullable EnabledShape enclaveOptions,
    @Nullable ConfiguredShape hibernationOptions,
    @Nullable MarketShape instanceMarketOptions,
    @Nullable CpuShape cpuOptions,
    @Nullable String kernelId,
    @Nullable RecoveryShape maintenanceOptions,
    @Nullable DnsShape privateDnsNameOptions,
    @Nullable ReservationShape capacityReservationSpecification) {

  @NotHere({"SpreadDomain", "HostResourceGroupArn"})
  public record PlacementShape(
      @Nullable String availabilityZone,
      @Nullable String availabilityZoneId,
      @Nullable String groupName,
      @Nullable String groupId,
      @Nullable Integer partitionNumber,
      @Nullable String tenancy,
      @Nullable String hostId,
      @Nullable String affinity) {}

  public record MonitoringShape(@Nullable Boolean enabled) {}

  public record CreditShape(@Nullable String cpuCredits) {}

  public record MetadataShape(
      @Nullable String httpTokens,
      @Nullable Integer httpPutResponseHopLimit,
      @Nullable String httpEndpoint,
      @Nullable String httpProtocolIpv6,
      @Nullable String instanceMetadataTags) {}

  @NotHere({
    "AssociateCarrierIpAddress",
    "Ipv6AddressCount",
    "Ipv6Addresses",
    "Ipv4Prefix",
    "Ipv4PrefixCount",
    "Ipv6Prefix",
    "Ipv6PrefixCount",
    "PrimaryIpv6",
    "EnaSrdSpecification",
    "ConnectionTrackingSpecification",
    "EnaQueueCount"
  })
  public record CardShape(
      @Nullable Integer deviceIndex,
      @Nullable String networkInterfaceId,
      @Nullable String subnetId,
      @Nullable String description,
      @Nullable String privateIpAddress,
      List<String> securityGroupId,
      @Nullable Boolean deleteOnTermination,
      @Nullable Boolean associatePublicIpAddress,
      @Nullable String interfaceType,
      @Nullable Integer networkCardIndex,
      @Nullable Integer secondaryPrivateIpAddressCount,
      List<PrivateIpShape> privateIpAddresses) {
    public CardShape {
      privateIpAddresses = privateIpAddresses == null ? List.of() : privateIpAddresses;
    }
  }

  /// One of several addresses.
  public record PrivateIpShape(@Nullable Boolean primary, @Nullable String privateIpAddress) {}

  public record ProfileShape(@Nullable String arn, @Nullable String name) {}

  public record EnabledShape(@Nullable Boolean enabled) {}

  public record ConfiguredShape(@Nullable Boolean configured) {}

  @NotHere("SpotOptions")
  public record MarketShape(@Nullable String marketType) {}

  public record CpuShape(
      @Nullable Integer coreCount, @Nullable Integer threadsPerCore, @Nullable String amdSevSnp) {}

  public record RecoveryShape(@Nullable String autoRecovery) {}

  public record DnsShape(
      @Nullable String hostnameType,
      @Nullable Boolean enableResourceNameDnsARecord,
      @Nullable Boolean enableResourceNameDnsAAAARecord) {}

  @NotHere("CapacityReservationTarget")
  public record ReservationShape(@Nullable String capacityReservationPreference) {}

  /// What is asked for here, and for the rest what the other says.
  public LaunchSettings or(LaunchSettings other) {
    RecordComponent[] components = LaunchSettings.class.getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        Object own = components[i].getAccessor().invoke(this);
        boolean absent = own == null || (own instanceof Collection<?> list && list.isEmpty());
        values[i] = absent ? components[i].getAccessor().invoke(other) : own;
        types[i] = components[i].getType();
      }
      return LaunchSettings.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("records can be made of their components", e);
    }
  }
}
