package brume.compute.ec2.instance;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.shape.GroupShape;
import brume.compute.ec2.shape.Value;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Required;
import brume.compute.image.InstanceTypes;
import brume.compute.instance.Instance;
import brume.compute.instance.InstancePlacing;
import brume.compute.instance.InstanceSearch;
import brume.compute.launch.InstanceActs;
import brume.compute.launch.InstanceOption;
import brume.compute.launch.InstanceOptions;
import brume.compute.network.InterfaceCommands;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.resource.ResourceKind;
import brume.compute.volume.Volume;
import brume.compute.volume.VolumeCommands;
import brume.compute.volume.VolumeTables;
import brume.contract.InstanceState;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeInstanceAttribute and ModifyInstanceAttribute.
@Component
class AttributeActions implements Ec2Actions {
  private final InstanceSearch search;
  private final InstanceActs acts;
  private final InstancePlacing placing;
  private final InstanceOptions options;
  private final InstanceTypes types;
  private final NetworkTables networks;
  private final InterfaceCommands interfaces;
  private final VolumeTables volumes;
  private final VolumeCommands volumeCommands;

  AttributeActions(
      InstanceSearch search,
      InstanceActs acts,
      InstancePlacing placing,
      InstanceOptions options,
      InstanceTypes types,
      NetworkTables networks,
      InterfaceCommands interfaces,
      VolumeTables volumes,
      VolumeCommands volumeCommands) {
    this.search = search;
    this.acts = acts;
    this.placing = placing;
    this.options = options;
    this.types = types;
    this.networks = networks;
    this.interfaces = interfaces;
    this.volumes = volumes;
    this.volumeCommands = volumeCommands;
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
      @Nullable List<String> productCodes) {
    static AttributeAnswer text(String id, String name, @Nullable String text) {
      Value.OfText value = new Value.OfText(text);
      return new AttributeAnswer(
          id,
          name.equals("instanceType") ? value : null,
          name.equals("userData") ? value : null,
          name.equals("kernel") ? value : null,
          name.equals("ramdisk") ? value : null,
          name.equals("rootDeviceName") ? value : null,
          name.equals("instanceInitiatedShutdownBehavior") ? value : null,
          name.equals("sriovNetSupport") ? value : null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null);
    }

    static AttributeAnswer flag(String id, String name, boolean flag) {
      Value.OfBoolean value = new Value.OfBoolean(flag);
      return new AttributeAnswer(
          id,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          name.equals("disableApiTermination") ? value : null,
          name.equals("disableApiStop") ? value : null,
          name.equals("ebsOptimized") ? value : null,
          name.equals("sourceDestCheck") ? value : null,
          name.equals("enaSupport") ? value : null,
          name.equals("enclaveOptions") ? new LaunchSettings.EnabledShape(flag) : null,
          null,
          null,
          null);
    }

    static AttributeAnswer list(
        String id, @Nullable List<DeviceShape> devices, @Nullable List<GroupShape> groups) {
      return new AttributeAnswer(
          id,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          devices,
          groups,
          devices == null && groups == null ? List.of() : null);
    }
  }

  public AttributeAnswer describeInstanceAttribute(
      Ec2Call call, DescribeInstanceAttribute request) {
    Instance instance = require(call, request.instanceId());
    String id = instance.id();
    String name = request.attribute();
    InstanceOption option = option(call, id);
    return switch (name) {
      case "instanceType" -> AttributeAnswer.text(id, name, instance.type());
      case "userData" -> {
        byte[] content = placing.userData(id);
        yield AttributeAnswer.text(
            id, name, content == null ? null : Base64.getEncoder().encodeToString(content));
      }
      case "kernel", "ramdisk", "sriovNetSupport" -> AttributeAnswer.text(id, name, null);
      case "rootDeviceName" -> AttributeAnswer.text(id, name, "/dev/sda1");
      case "instanceInitiatedShutdownBehavior" ->
          AttributeAnswer.text(id, name, option.shutdownBehavior());
      case "disableApiTermination" ->
          AttributeAnswer.flag(id, name, option.disableApiTermination());
      case "disableApiStop" -> AttributeAnswer.flag(id, name, option.disableApiStop());
      case "ebsOptimized" -> AttributeAnswer.flag(id, name, option.ebsOptimized());
      case "enaSupport" -> AttributeAnswer.flag(id, name, true);
      case "enclaveOptions" -> AttributeAnswer.flag(id, name, false);
      case "sourceDestCheck" -> AttributeAnswer.flag(id, name, sourceDestCheck(card(call, id)));
      case "productCodes" -> AttributeAnswer.list(id, null, null);
      case "groupSet" -> AttributeAnswer.list(id, null, groups(call, id));
      case "blockDeviceMapping" -> AttributeAnswer.list(id, devices(call, id), null);
      default -> throw Ec2Fault.value("attribute", name, "It is not an attribute of instances.");
    };
  }

  private static boolean sourceDestCheck(@Nullable NetworkInterface card) {
    return card == null || card.sourceDestCheck();
  }

  private Instance require(Ec2Call call, String id) {
    ResourceKind.INSTANCE.checked(id);
    return search.find(call.scope(), List.of(id), List.of(), null, 1).stream()
        .findFirst()
        .orElseThrow(() -> ResourceKind.INSTANCE.unknown(id));
  }

  private InstanceOption option(Ec2Call call, String id) {
    return options
        .of(List.of(id))
        .getOrDefault(id, InstanceOption.usual(id, call.accountId(), call.regionName()));
  }

  private @Nullable NetworkInterface card(Ec2Call call, String id) {
    return networks
        .interfaces
        .where(call.scope(), "instance_id = ? AND device_index = 0", id)
        .stream()
        .findFirst()
        .orElse(null);
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

  record KeptShape(@Nullable String volumeId, @Nullable Boolean deleteOnTermination) {}

  record ModifiedDevice(@Nullable String deviceName, @Nullable KeptShape ebs) {}

  record ModifyInstanceAttribute(
      @Required String instanceId,
      @Nullable String attribute,
      @Nullable String value,
      Value.@Nullable OfText instanceType,
      Value.@Nullable OfText userData,
      Value.@Nullable OfText instanceInitiatedShutdownBehavior,
      Value.@Nullable OfBoolean disableApiTermination,
      Value.@Nullable OfBoolean disableApiStop,
      Value.@Nullable OfBoolean ebsOptimized,
      Value.@Nullable OfBoolean sourceDestCheck,
      Value.@Nullable OfBoolean enaSupport,
      List<String> groupId,
      List<ModifiedDevice> blockDeviceMapping) {
    /// The older form: an attribute by name with its value.
    ModifyInstanceAttribute spelledOut() {
      if (attribute == null) {
        return this;
      }
      if (attribute.equals("blockDeviceMapping") || attribute.equals("groupSet")) {
        return this;
      }
      Value.OfText text = new Value.OfText(value);
      Value.OfBoolean flag = new Value.OfBoolean("true".equalsIgnoreCase(value));
      return switch (attribute) {
        case "instanceType" -> with(text, null, null, null, null, null, null);
        case "userData" -> with(null, text, null, null, null, null, null);
        case "instanceInitiatedShutdownBehavior" -> with(null, null, text, null, null, null, null);
        case "disableApiTermination" -> with(null, null, null, flag, null, null, null);
        case "disableApiStop" -> with(null, null, null, null, flag, null, null);
        case "ebsOptimized" -> with(null, null, null, null, null, flag, null);
        case "sourceDestCheck" -> with(null, null, null, null, null, null, flag);
        default ->
            throw Ec2Fault.value("attribute", attribute, "It can't be changed, or is not there.");
      };
    }

    private ModifyInstanceAttribute with(
        Value.@Nullable OfText type,
        Value.@Nullable OfText data,
        Value.@Nullable OfText behavior,
        Value.@Nullable OfBoolean termination,
        Value.@Nullable OfBoolean stop,
        Value.@Nullable OfBoolean optimized,
        Value.@Nullable OfBoolean check) {
      return new ModifyInstanceAttribute(
          instanceId,
          null,
          null,
          type,
          data,
          behavior,
          termination,
          stop,
          optimized,
          check,
          null,
          groupId,
          blockDeviceMapping);
    }
  }

  public Done modifyInstanceAttribute(Ec2Call call, ModifyInstanceAttribute asked) {
    ModifyInstanceAttribute request = asked.spelledOut();
    Instance instance = acts.lock(call.scope(), request.instanceId());
    if (request.instanceType() != null) {
      requireStopped(instance, "instanceType");
      String type = String.valueOf(request.instanceType().value());
      placing.resize(instance.id(), types.require("instanceType", type));
    }
    if (request.userData() != null) {
      requireStopped(instance, "userData");
      String text = Orders.userData(request.userData().value());
      placing.userData(instance.id(), text == null ? null : Base64.getDecoder().decode(text));
    }
    if (!request.groupId().isEmpty() || request.sourceDestCheck() != null) {
      NetworkInterface card = card(call, instance.id());
      if (card == null) {
        throw Ec2Fault.unsupported("The instance has no network interface.");
      }
      interfaces.change(
          call.scope(),
          card.id(),
          null,
          request.groupId(),
          request.sourceDestCheck() == null ? null : request.sourceDestCheck().value());
    }
    keep(call, instance.id(), request.blockDeviceMapping());
    change(call, request);
    return Done.TRUE;
  }

  private void change(Ec2Call call, ModifyInstanceAttribute request) {
    String behavior =
        request.instanceInitiatedShutdownBehavior() == null
            ? null
            : request.instanceInitiatedShutdownBehavior().value();
    if (behavior != null && !List.of("stop", "terminate").contains(behavior)) {
      throw Ec2Fault.value(
          "instanceInitiatedShutdownBehavior", behavior, "It must be stop or terminate.");
    }
    InstanceOption before = option(call, request.instanceId());
    boolean termination = flag(request.disableApiTermination(), before.disableApiTermination());
    boolean stop = flag(request.disableApiStop(), before.disableApiStop());
    boolean optimized = flag(request.ebsOptimized(), before.ebsOptimized());
    InstanceOption after =
        before
            .withProtection(termination, stop)
            .withEbsOptimized(optimized)
            .withShutdownBehavior(behavior == null ? before.shutdownBehavior() : behavior);
    if (!after.equals(before)) {
      acts.change(call.scope(), request.instanceId(), same -> after);
    }
  }

  private static boolean flag(Value.@Nullable OfBoolean asked, boolean before) {
    Boolean value = asked == null ? null : asked.value();
    return value == null ? before : value;
  }

  private static void requireStopped(Instance instance, String attribute) {
    if (instance.state() != InstanceState.STOPPED) {
      throw new Ec2Fault(
          "IncorrectInstanceState",
          "The instance '"
              + instance.id()
              + "' is not in the 'stopped' state, which a change of "
              + attribute
              + " needs.");
    }
  }

  private void keep(Ec2Call call, String id, List<ModifiedDevice> devices) {
    Map<String, Volume> byDevice = new HashMap<>();
    volumes
        .volumes
        .where(call.scope(), "instance_id = ?", id)
        .forEach(volume -> byDevice.put(String.valueOf(volume.device()), volume));
    for (ModifiedDevice device : devices) {
      Volume volume = byDevice.get(String.valueOf(device.deviceName()));
      KeptShape ebs = device.ebs();
      if (volume == null) {
        throw new Ec2Fault(
            "InvalidInstanceAttributeValue",
            "No device is currently mapped at " + device.deviceName());
      }
      if (ebs != null && ebs.deleteOnTermination() != null) {
        volumeCommands.keep(call.scope(), volume, ebs.deleteOnTermination());
      }
    }
  }
}
