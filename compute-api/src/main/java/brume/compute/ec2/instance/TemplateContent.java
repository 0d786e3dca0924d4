package brume.compute.ec2.instance;

import brume.compute.ec2.shape.EbsShape;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.wire.ItemName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a version of a launch template says, as EC2 shows it: what was asked for, and nothing else.
record TemplateContent(
    @Nullable String imageId,
    @Nullable String instanceType,
    @Nullable String keyName,
    @Nullable String userData,
    @Nullable List<String> securityGroupIdSet,
    @Nullable List<String> securityGroupSet,
    LaunchSettings.@Nullable PlacementShape placement,
    @Nullable Boolean ebsOptimized,
    LaunchSettings.@Nullable MonitoringShape monitoring,
    @Nullable String instanceInitiatedShutdownBehavior,
    @Nullable Boolean disableApiTermination,
    @Nullable Boolean disableApiStop,
    LaunchSettings.@Nullable CreditShape creditSpecification,
    LaunchSettings.@Nullable MetadataShape metadataOptions,
    @Nullable List<EbsShape.Mapping> blockDeviceMappingSet,
    @Nullable List<Card> networkInterfaceSet,
    @Nullable List<TagsOfType> tagSpecificationSet,
    LaunchSettings.@Nullable ProfileShape iamInstanceProfile,
    LaunchSettings.@Nullable EnabledShape enclaveOptions,
    LaunchSettings.@Nullable ConfiguredShape hibernationOptions,
    LaunchSettings.@Nullable MarketShape instanceMarketOptions,
    LaunchSettings.@Nullable CpuShape cpuOptions,
    @Nullable String kernelId,
    LaunchSettings.@Nullable RecoveryShape maintenanceOptions,
    LaunchSettings.@Nullable DnsShape privateDnsNameOptions,
    LaunchSettings.@Nullable ReservationShape capacityReservationSpecification) {

  record TagsOfType(@Nullable String resourceType, List<Tag> tagSet) {}

  record Card(
      @Nullable Integer deviceIndex,
      @Nullable String networkInterfaceId,
      @Nullable String subnetId,
      @Nullable String description,
      @Nullable String privateIpAddress,
      @ItemName("groupId") List<String> groupSet,
      @Nullable Boolean deleteOnTermination,
      @Nullable Boolean associatePublicIpAddress,
      @Nullable String interfaceType,
      @Nullable Integer networkCardIndex,
      @Nullable Integer secondaryPrivateIpAddressCount,
      @Nullable List<LaunchSettings.PrivateIpShape> privateIpAddressesSet) {
    static Card of(LaunchSettings.CardShape card) {
      return new Card(
          card.deviceIndex(),
          card.networkInterfaceId(),
          card.subnetId(),
          card.description(),
          card.privateIpAddress(),
          card.securityGroupId(),
          card.deleteOnTermination(),
          card.associatePublicIpAddress(),
          card.interfaceType(),
          card.networkCardIndex(),
          card.secondaryPrivateIpAddressCount(),
          some(card.privateIpAddresses()));
    }
  }

  static TemplateContent of(LaunchSettings settings) {
    return new TemplateContent(
        settings.imageId(),
        settings.instanceType(),
        settings.keyName(),
        settings.userData(),
        some(settings.securityGroupId()),
        some(settings.securityGroup()),
        settings.placement(),
        settings.ebsOptimized(),
        settings.monitoring(),
        settings.instanceInitiatedShutdownBehavior(),
        settings.disableApiTermination(),
        settings.disableApiStop(),
        settings.creditSpecification(),
        settings.metadataOptions(),
        some(settings.blockDeviceMapping()),
        some(settings.networkInterface().stream().map(Card::of).toList()),
        some(
            settings.tagSpecification().stream()
                .map(tags -> new TagsOfType(tags.resourceType(), tags.tags()))
                .toList()),
        settings.iamInstanceProfile(),
        settings.enclaveOptions(),
        settings.hibernationOptions(),
        settings.instanceMarketOptions(),
        settings.cpuOptions(),
        settings.kernelId(),
        settings.maintenanceOptions(),
        settings.privateDnsNameOptions(),
        settings.capacityReservationSpecification());
  }

  private static <T> @Nullable List<T> some(List<T> list) {
    return list.isEmpty() ? null : list;
  }
}
