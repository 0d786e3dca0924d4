package brume.compute.ec2.instance;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.shape.TypeNames;
import brume.compute.ec2.shape.Value;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.image.InstanceType;
import brume.compute.instance.Instance;
import brume.compute.instance.InstancePlacing;
import brume.compute.launch.InstanceActs;
import brume.compute.network.InterfaceCommands;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.table.Parts;
import brume.compute.volume.Volume;
import brume.compute.volume.VolumeCommands;
import brume.compute.volume.VolumeTables;
import brume.contract.InstanceState;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// ModifyInstanceAttribute and ResetInstanceAttribute.
@Component
class AttributeChangeActions implements Ec2Actions {
  private final InstanceActs acts;
  private final InstancePlacing placing;
  private final TypeNames types;
  private final NetworkTables networks;
  private final InterfaceCommands interfaces;
  private final VolumeTables volumes;
  private final VolumeCommands volumeCommands;

  AttributeChangeActions(
      InstanceActs acts,
      InstancePlacing placing,
      TypeNames types,
      NetworkTables networks,
      InterfaceCommands interfaces,
      VolumeTables volumes,
      VolumeCommands volumeCommands) {
    this.acts = acts;
    this.placing = placing;
    this.types = types;
    this.networks = networks;
    this.interfaces = interfaces;
    this.volumes = volumes;
    this.volumeCommands = volumeCommands;
  }

  record KeptShape(@Nullable String volumeId, @Nullable Boolean deleteOnTermination) {}

  @NotHere({"VirtualName", "NoDevice"})
  record ModifiedDevice(@Nullable String deviceName, @Nullable KeptShape ebs) {}

  @NotHere({"Kernel", "Ramdisk", "SriovNetSupport"})
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

    /// The older form, an attribute by name with its value, in the newer one.
    ModifyInstanceAttribute spelledOut() {
      if (attribute == null
          || attribute.equals("blockDeviceMapping")
          || attribute.equals("groupSet")) {
        return this;
      }
      boolean known =
          Stream.of(ModifyInstanceAttribute.class.getRecordComponents())
              .anyMatch(component -> component.getName().equals(attribute));
      if (value == null && known) {
        throw Ec2Fault.missing("Value");
      }
      Object part =
          switch (attribute) {
            case "instanceType", "userData", "instanceInitiatedShutdownBehavior" ->
                new Value.OfText(value);
            case "disableApiTermination",
                "disableApiStop",
                "ebsOptimized",
                "sourceDestCheck",
                "enaSupport" ->
                new Value.OfBoolean(flag(attribute, value));
            case "kernel", "ramdisk", "sriovNetSupport", "rootDeviceName", "productCodes" ->
                throw Ec2Fault.unsupported("The attribute " + attribute + " can't be changed.");
            default -> throw Ec2Fault.value("attribute", attribute, "Unknown attribute.");
          };
      return Parts.with(this, attribute, part);
    }

    private static boolean flag(String name, @Nullable String text) {
      return switch (text == null ? "" : text) {
        case "true", "True", "TRUE" -> true;
        case "false", "False", "FALSE" -> false;
        default -> throw Ec2Fault.value(name, String.valueOf(text), "It must be true or false.");
      };
    }

    long given() {
      return Stream.of(
                  instanceType,
                  userData,
                  instanceInitiatedShutdownBehavior,
                  disableApiTermination,
                  disableApiStop,
                  ebsOptimized,
                  sourceDestCheck,
                  enaSupport)
              .flatMap(Stream::ofNullable)
              .count()
          + (groupId.isEmpty() ? 0 : 1)
          + (blockDeviceMapping.isEmpty() ? 0 : 1);
    }
  }

  /// One attribute at a time, as EC2 says.
  public Done modifyInstanceAttribute(Ec2Call call, ModifyInstanceAttribute asked) {
    ModifyInstanceAttribute request = asked.spelledOut();
    Instance instance = acts.lock(call.scope(), request.instanceId());
    if (request.given() != 1) {
      throw Ec2Fault.combination(
          request.given() == 0
              ? "No attributes specified."
              : "Fields for multiple attribute types specified: give one attribute in a request");
    }
    if (request.instanceType() != null) {
      resize(call, instance, String.valueOf(request.instanceType().value()));
    } else if (request.userData() != null) {
      requireStopped(instance, "userData");
      String text = Orders.userData(request.userData().value());
      placing.userData(instance.id(), text == null ? null : Base64.getDecoder().decode(text));
    } else if (request.disableApiTermination() != null) {
      boolean isProtected =
          required("disableApiTermination", request.disableApiTermination().value());
      placing.protect(List.of(instance.id()), isProtected);
    } else if (!request.groupId().isEmpty() || request.sourceDestCheck() != null) {
      NetworkInterface card = card(call, instance);
      interfaces.change(
          call.scope(),
          card.id(),
          null,
          request.groupId(),
          request.sourceDestCheck() == null
              ? null
              : required("sourceDestCheck", request.sourceDestCheck().value()));
    } else if (!request.blockDeviceMapping().isEmpty()) {
      keep(call, instance.id(), request.blockDeviceMapping());
    } else {
      change(call, instance, request);
    }
    return Done.TRUE;
  }

  private static boolean required(String name, @Nullable Boolean value) {
    if (value == null) {
      throw Ec2Fault.missing(name + ".Value");
    }
    return value;
  }

  private void resize(Ec2Call call, Instance instance, String name) {
    requireStopped(instance, "instanceType");
    InstanceType type =
        types
            .find(name)
            .orElseThrow(() ->
                new Ec2Fault(
                    "InvalidInstanceAttributeValue",
                    "The instance type '" + Text.shown(name) + "' is not recognized"));
    acts.resize(call.scope(), instance, type);
    if (!type.name().equals(name)) {
      acts.change(call.scope(), instance.id(), option -> option.withTypeAsked(name));
    }
  }

  private NetworkInterface card(Ec2Call call, Instance instance) {
    return AttributeActions.only(
            networks.interfaces.where(call.scope(), "instance_id = ?", instance.id()),
            instance.id())
        .stream()
        .findFirst()
        .orElseThrow(() -> Ec2Fault.unsupported("The instance has no network interface."));
  }

  private void change(Ec2Call call, Instance instance, ModifyInstanceAttribute request) {
    String id = request.instanceId();
    if (request.instanceInitiatedShutdownBehavior() != null) {
      String behavior = String.valueOf(request.instanceInitiatedShutdownBehavior().value());
      if (!List.of("stop", "terminate").contains(behavior)) {
        throw Ec2Fault.value(
            "instanceInitiatedShutdownBehavior", behavior, "It must be stop or terminate.");
      }
      acts.change(call.scope(), id, option -> option.withShutdownBehavior(behavior));
    } else if (request.disableApiStop() != null) {
      boolean stop = required("disableApiStop", request.disableApiStop().value());
      acts.change(call.scope(), id, option -> option.withDisableApiStop(stop));
    } else if (request.ebsOptimized() != null) {
      requireStopped(instance, "ebsOptimized");
      boolean optimized = required("ebsOptimized", request.ebsOptimized().value());
      acts.change(call.scope(), id, option -> option.withEbsOptimized(optimized));
    }
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
            "No device is currently mapped at " + Text.shown(String.valueOf(device.deviceName())));
      }
      if (ebs != null && ebs.deleteOnTermination() != null) {
        volumeCommands.keep(call.scope(), volume, ebs.deleteOnTermination());
      }
    }
  }

  record ResetInstanceAttribute(@Required String instanceId, @Required String attribute) {}

  /// The check of source and destination is what can be reset; kernels come with images.
  public Done resetInstanceAttribute(Ec2Call call, ResetInstanceAttribute request) {
    Instance instance = acts.lock(call.scope(), request.instanceId());
    switch (request.attribute()) {
      case "sourceDestCheck" ->
          interfaces.change(call.scope(), card(call, instance).id(), null, List.of(), true);
      case "kernel", "ramdisk" ->
          throw Ec2Fault.unsupported("An image brings its own kernel: there is none to reset.");
      default ->
          throw Ec2Fault.value(
              "attribute", request.attribute(), "It must be kernel, ramdisk or sourceDestCheck.");
    }
    return Done.TRUE;
  }
}
