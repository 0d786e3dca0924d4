package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.shape.EbsShape;
import brume.compute.ec2.wire.ItemName;
import brume.compute.ec2.wire.Required;
import brume.compute.instance.Instance;
import brume.compute.instance.InstancePlacing;
import brume.compute.instance.InstanceSearch;
import brume.compute.launch.InstanceOption;
import brume.compute.launch.InstanceOptions;
import brume.compute.network.NetworkTables;
import brume.compute.resource.ResourceKind;
import brume.compute.volume.VolumeTables;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// GetLaunchTemplateData: what a template would say that launches such an instance again.
@Component
class TemplateSourceActions implements Ec2Actions {
  private final InstanceSearch search;
  private final InstanceOptions options;
  private final InstancePlacing placing;
  private final NetworkTables networks;
  private final VolumeTables volumes;

  TemplateSourceActions(
      InstanceSearch search,
      InstanceOptions options,
      InstancePlacing placing,
      NetworkTables networks,
      VolumeTables volumes) {
    this.search = search;
    this.options = options;
    this.placing = placing;
    this.networks = networks;
    this.volumes = volumes;
  }

  record SourceRequest(@Required String instanceId) {}

  record CardShape(
      int deviceIndex,
      String subnetId,
      String description,
      String privateIpAddress,
      @ItemName("groupId") List<String> groupSet,
      boolean deleteOnTermination) {}

  record PlacementShape(String availabilityZone, @Nullable String groupName, String tenancy) {}

  record SourceShape(
      String imageId,
      String instanceType,
      @Nullable String keyName,
      @Nullable String userData,
      boolean ebsOptimized,
      LaunchSettings.MonitoringShape monitoring,
      PlacementShape placement,
      String instanceInitiatedShutdownBehavior,
      boolean disableApiTermination,
      boolean disableApiStop,
      LaunchSettings.CreditShape creditSpecification,
      LaunchSettings.MetadataShape metadataOptions,
      List<EbsShape.Mapping> blockDeviceMappingSet,
      List<CardShape> networkInterfaceSet) {}

  record SourceAnswer(SourceShape launchTemplateData) {}

  public SourceAnswer getLaunchTemplateData(Ec2Call call, SourceRequest request) {
    String id = ResourceKind.INSTANCE.checked(request.instanceId());
    Instance instance =
        search.find(call.scope(), List.of(id), List.of(), null, 1).stream()
            .findFirst()
            .orElseThrow(() -> ResourceKind.INSTANCE.unknown(id));
    InstanceOption option =
        options
            .of(List.of(id))
            .getOrDefault(id, InstanceOption.usual(id, call.accountId(), call.regionName()));
    byte[] userData = placing.userData(id);
    return new SourceAnswer(
        new SourceShape(
            instance.imageId(),
            InstanceViews.type(instance, option),
            option.keyName(),
            userData == null ? null : Base64.getEncoder().encodeToString(userData),
            option.ebsOptimized(),
            new LaunchSettings.MonitoringShape(option.monitoring()),
            new PlacementShape(
                InstanceViews.zone(call, instance, option),
                option.placementGroup(),
                option.tenancy()),
            option.shutdownBehavior(),
            instance.terminationProtected(),
            option.disableApiStop(),
            new LaunchSettings.CreditShape(option.cpuCredits()),
            new LaunchSettings.MetadataShape(
                option.metadata().httpTokens(),
                option.metadata().httpPutResponseHopLimit(),
                option.metadata().httpEndpoint(),
                option.metadata().httpProtocolIpv6(),
                option.metadata().instanceMetadataTags()),
            devices(call, id),
            cards(call, id)));
  }

  private List<EbsShape.Mapping> devices(Ec2Call call, String id) {
    return volumes.volumes.where(call.scope(), "instance_id = ?", id).stream()
        .map(volume ->
            new EbsShape.Mapping(
                String.valueOf(volume.device()),
                null,
                null,
                new EbsShape(
                    volume.snapshotId(),
                    volume.sizeGib(),
                    volume.type(),
                    volume.iops(),
                    volume.throughput(),
                    volume.encrypted(),
                    volume.deleteOnTermination(),
                    null)))
        .toList();
  }

  private List<CardShape> cards(Ec2Call call, String id) {
    return networks.interfaces.where(call.scope(), "instance_id = ?", id).stream()
        .map(card ->
            new CardShape(
                card.deviceIndex() == null ? 0 : card.deviceIndex(),
                card.subnetId(),
                card.description(),
                card.privateIp(),
                card.securityGroups(),
                card.deleteOnTermination()))
        .toList();
  }
}
