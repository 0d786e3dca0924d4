package brume.compute.ec2.instance;

import brume.compute.ec2.shape.GroupShape;
import brume.compute.ec2.shape.Tag;
import brume.compute.launch.MetadataOptions;
import brume.contract.InstanceState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An instance as EC2 shows it. What an instance that ended has no more is left out.
record InstanceShape(
    String instanceId,
    String imageId,
    LaunchActions.StateShape instanceState,
    String privateDnsName,
    String dnsName,
    String reason,
    @Nullable String keyName,
    int amiLaunchIndex,
    List<String> productCodes,
    String instanceType,
    Instant launchTime,
    PlacementShape placement,
    MonitoringStateShape monitoring,
    @Nullable String subnetId,
    @Nullable String vpcId,
    @Nullable String privateIpAddress,
    @Nullable String ipAddress,
    @Nullable Boolean sourceDestCheck,
    List<GroupShape> groupSet,
    @Nullable ReasonShape stateReason,
    String architecture,
    String rootDeviceType,
    String rootDeviceName,
    List<DeviceShape> blockDeviceMapping,
    String virtualizationType,
    @Nullable String clientToken,
    List<Tag> tagSet,
    String hypervisor,
    List<CardShape> networkInterfaceSet,
    boolean ebsOptimized,
    boolean enaSupport,
    CpuShape cpuOptions,
    LaunchSettings.ConfiguredShape hibernationOptions,
    MetadataStateShape metadataOptions,
    LaunchSettings.EnabledShape enclaveOptions,
    String platformDetails,
    String usageOperation,
    Instant usageOperationUpdateTime,
    LaunchSettings.RecoveryShape maintenanceOptions,
    CapacityShape capacityReservationSpecification) {

  record ReservationShape(
      String reservationId,
      String ownerId,
      List<GroupShape> groupSet,
      List<InstanceShape> instancesSet) {}

  record PlacementShape(String availabilityZone, @Nullable String groupName, String tenancy) {}

  record MonitoringStateShape(String state) {}

  record CapacityShape(String capacityReservationPreference) {}

  record ReasonShape(String code, String message) {}

  record DeviceShape(String deviceName, VolumeShape ebs) {}

  record VolumeShape(
      String volumeId, String status, Instant attachTime, boolean deleteOnTermination) {}

  record CpuShape(int coreCount, int threadsPerCore) {}

  record MetadataStateShape(
      String state,
      String httpTokens,
      int httpPutResponseHopLimit,
      String httpEndpoint,
      String httpProtocolIpv6,
      String instanceMetadataTags) {
    static MetadataStateShape of(MetadataOptions options) {
      return new MetadataStateShape(
          "applied",
          options.httpTokens(),
          options.httpPutResponseHopLimit(),
          options.httpEndpoint(),
          options.httpProtocolIpv6(),
          options.instanceMetadataTags());
    }

    MetadataStateShape pending() {
      return new MetadataStateShape(
          "pending",
          httpTokens,
          httpPutResponseHopLimit,
          httpEndpoint,
          httpProtocolIpv6,
          instanceMetadataTags);
    }
  }

  record AssociationShape(String publicIp, String publicDnsName, String ipOwnerId) {}

  record AttachmentShape(
      String attachmentId,
      int deviceIndex,
      String status,
      Instant attachTime,
      boolean deleteOnTermination,
      int networkCardIndex) {}

  record AddressShape(
      String privateIpAddress,
      String privateDnsName,
      boolean primary,
      @Nullable AssociationShape association) {}

  record CardShape(
      String networkInterfaceId,
      String subnetId,
      String vpcId,
      String description,
      String ownerId,
      String status,
      String macAddress,
      String privateIpAddress,
      String privateDnsName,
      boolean sourceDestCheck,
      List<GroupShape> groupSet,
      AttachmentShape attachment,
      @Nullable AssociationShape association,
      List<AddressShape> privateIpAddressesSet,
      List<String> ipv6AddressesSet,
      String interfaceType) {}

  /// EC2's numbers for states.
  static int code(InstanceState state) {
    return switch (state) {
      case PENDING -> 0;
      case RUNNING -> 16;
      case SHUTTING_DOWN -> 32;
      case TERMINATED -> 48;
      case STOPPING -> 64;
      case STOPPED -> 80;
    };
  }
}
