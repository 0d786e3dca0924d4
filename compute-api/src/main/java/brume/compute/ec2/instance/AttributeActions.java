package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.shape.GroupShape;
import brume.compute.ec2.shape.Value;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Required;
import brume.compute.instance.Instance;
import brume.compute.instance.InstancePlacing;
import brume.compute.instance.InstanceSearch;
import brume.compute.launch.InstanceOption;
import brume.compute.launch.InstanceOptions;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.resource.ResourceKind;
import brume.compute.table.Parts;
import brume.compute.volume.VolumeTables;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeInstanceAttribute and GetPasswordData.
@Component
class AttributeActions implements Ec2Actions {
  private final InstanceSearch search;
  private final InstancePlacing placing;
  private final InstanceOptions options;
  private final NetworkTables networks;
  private final VolumeTables volumes;
  private final Clock clock;

  AttributeActions(
      InstanceSearch search,
      InstancePlacing placing,
      InstanceOptions options,
      NetworkTables networks,
      VolumeTables volumes,
      Clock clock) {
    this.search = search;
    this.placing = placing;
    this.options = options;
    this.networks = networks;
    this.volumes = volumes;
    this.clock = clock;
  }

  record DescribeInstanceAttribute(@Required String instanceId, @Required String attribute) {}

  record DeviceShape(String deviceName, InstanceShape.VolumeShape ebs) {}

  record AttributeAnswer(
      String instanceId,
      Value.@Nullable OfText instanceType,
      Value.@Nullable OfText userData,
      Value.@Nullable OfText kernel,
      Value.@Nullable OfText ramdisk,
      Value.@Nullable OfText rootDeviceName,
      Value.@Nullable OfText instanceInitiatedShutdownBehavior,
      Value.@Nullable OfText sriovNetSupport,
      Value.@Nullable OfBoolean disableApiTermination,
      Value.@Nullable OfBoolean disableApiStop,
      Value.@Nullable OfBoolean ebsOptimized,
      Value.@Nullable OfBoolean sourceDestCheck,
      Value.@Nullable OfBoolean enaSupport,
      LaunchSettings.@Nullable EnabledShape enclaveOptions,
      @Nullable List<DeviceShape> blockDeviceMapping,
      @Nullable List<GroupShape> groupSet,
      @Nullable List<String> productCodes) {}

  public AttributeAnswer describeInstanceAttribute(
      Ec2Call call, DescribeInstanceAttribute request) {
    Instance instance = require(call, request.instanceId());
    String id = instance.id();
    InstanceOption option =
        options
            .of(List.of(id))
            .getOrDefault(id, InstanceOption.usual(id, call.accountId(), call.regionName()));
    Object value =
        switch (request.attribute()) {
          case "instanceType" -> new Value.OfText(InstanceViews.type(instance, option));
          case "userData" -> {
            byte[] content = placing.userData(id);
            yield new Value.OfText(
                content == null ? null : Base64.getEncoder().encodeToString(content));
          }
          case "kernel", "ramdisk", "sriovNetSupport" -> new Value.OfText(null);
          case "rootDeviceName" -> new Value.OfText("/dev/sda1");
          case "instanceInitiatedShutdownBehavior" -> new Value.OfText(option.shutdownBehavior());
          case "disableApiTermination" -> new Value.OfBoolean(instance.terminationProtected());
          case "disableApiStop" -> new Value.OfBoolean(option.disableApiStop());
          case "ebsOptimized" -> new Value.OfBoolean(option.ebsOptimized());
          case "enaSupport" -> new Value.OfBoolean(true);
          case "enclaveOptions" -> new LaunchSettings.EnabledShape(false);
          case "sourceDestCheck" -> {
            NetworkInterface card = card(call, id);
            yield new Value.OfBoolean(card == null || card.sourceDestCheck());
          }
          case "productCodes" -> List.of();
          case "groupSet" -> groups(call, id);
          case "blockDeviceMapping" -> devices(call, id);
          default -> throw Ec2Fault.value("attribute", request.attribute(), "Unknown attribute.");
        };
    return Parts.of(AttributeAnswer.class, id, request.attribute(), value);
  }

  private Instance require(Ec2Call call, String id) {
    ResourceKind.INSTANCE.checked(id);
    return search.find(call.scope(), List.of(id), List.of(), null, 1).stream()
        .findFirst()
        .orElseThrow(() -> ResourceKind.INSTANCE.unknown(id));
  }

  private @Nullable NetworkInterface card(Ec2Call call, String id) {
    return only(networks.interfaces.where(call.scope(), "instance_id = ?", id), id).stream()
        .findFirst()
        .orElse(null);
  }

  /// The instance's only interface: with several it must be said which is meant.
  static List<NetworkInterface> only(List<NetworkInterface> cards, String id) {
    if (cards.size() > 1) {
      throw new Ec2Fault(
          "InvalidInstanceID",
          "There are multiple interfaces attached to instance '"
              + id
              + "'. Please specify an interface ID for the operation instead.");
    }
    return cards;
  }

  private List<GroupShape> groups(Ec2Call call, String id) {
    NetworkInterface card = card(call, id);
    String[] ids = card == null ? new String[0] : card.securityGroups().toArray(String[]::new);
    return networks.groups.where(call.scope(), "id = ANY (?)", (Object) ids).stream()
        .map(group -> new GroupShape(group.id(), group.name()))
        .toList();
  }

  private List<DeviceShape> devices(Ec2Call call, String id) {
    return volumes.volumes.where(call.scope(), "instance_id = ?", id).stream()
        .map(volume ->
            new DeviceShape(
                String.valueOf(volume.device()),
                new InstanceShape.VolumeShape(
                    volume.id(),
                    "attached",
                    Objects.requireNonNull(volume.attachedAt()),
                    volume.deleteOnTermination())))
        .toList();
  }

  record PasswordRequest(@Required String instanceId) {}

  record PasswordAnswer(String instanceId, Instant timestamp, String passwordData) {}

  /// Only Windows has one, so it is empty, as EC2's is for every other guest.
  public PasswordAnswer getPasswordData(Ec2Call call, PasswordRequest request) {
    return new PasswordAnswer(require(call, request.instanceId()).id(), clock.instant(), "");
  }
}
