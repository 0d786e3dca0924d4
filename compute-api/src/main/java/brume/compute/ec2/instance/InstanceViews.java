package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.shape.GroupShape;
import brume.compute.ec2.shape.PrivateNames;
import brume.compute.ec2.shape.PublicNames;
import brume.compute.ec2.shape.Tag;
import brume.compute.instance.Fact;
import brume.compute.instance.Instance;
import brume.compute.instance.InstanceSearch;
import brume.compute.instance.IntentCause;
import brume.compute.instance.StateReason;
import brume.compute.launch.InstanceOption;
import brume.compute.launch.InstanceOptions;
import brume.compute.launch.LaunchCommands;
import brume.compute.network.Address;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.network.SecurityGroup;
import brume.compute.region.Region;
import brume.compute.resource.Scope;
import brume.compute.table.Parts;
import brume.compute.volume.Volume;
import brume.compute.volume.VolumeTables;
import brume.contract.InstanceState;
import brume.contract.Intent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Puts together what EC2 shows of instances: a fixed number of questions to the database, however
/// many instances there are.
@Component
class InstanceViews {
  private static final DateTimeFormatter REASON_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'GMT'").withZone(ZoneOffset.UTC);

  private final InstanceSearch search;
  private final InstanceOptions options;
  private final NetworkTables networks;
  private final VolumeTables volumes;

  InstanceViews(
      InstanceSearch search,
      InstanceOptions options,
      NetworkTables networks,
      VolumeTables volumes) {
    this.search = search;
    this.options = options;
    this.networks = networks;
    this.volumes = volumes;
  }

  /// What hangs on a page of instances.
  private record Surroundings(
      Map<String, InstanceOption> options,
      Map<String, List<NetworkInterface>> cards,
      Map<String, List<Volume>> volumes,
      Map<String, String> groupNames,
      Map<String, Address> addresses) {}

  /// As the answers to launches show them, by their reservations: monitoring that was asked for is
  /// about to begin.
  Map<String, InstanceShape.ReservationShape> launched(
      Ec2Call call, List<LaunchCommands.Launched> launched) {
    List<String> ids = launched.stream().flatMap(one -> one.instanceIds().stream()).toList();
    if (ids.isEmpty()) {
      return Map.of();
    }
    List<Instance> found = search.find(call.scope(), ids, List.of(), null, ids.size());
    Map<String, InstanceShape> shapes = new LinkedHashMap<>();
    for (InstanceShape shape : shapes(call, found)) {
      shapes.put(
          shape.instanceId(),
          shape.monitoring().state().equals("enabled")
              ? Parts.with(shape, "monitoring", new InstanceShape.MonitoringStateShape("pending"))
              : shape);
    }
    Map<String, InstanceShape.ReservationShape> reservations = new TreeMap<>();
    for (LaunchCommands.Launched one : launched) {
      List<InstanceShape> members = new ArrayList<>();
      for (String id : one.instanceIds()) {
        InstanceShape shape = shapes.get(id);
        if (shape != null) { // else one of an earlier launch, which ended long ago
          members.add(shape);
        }
      }
      reservations.put(
          one.reservationId(),
          new InstanceShape.ReservationShape(
              one.reservationId(), call.accountId(), List.of(), members));
    }
    return reservations;
  }

  /// Grouped by the launches that made them, in order.
  List<InstanceShape.ReservationShape> reservations(Ec2Call call, List<Instance> instances) {
    List<InstanceShape> shapes = shapes(call, instances);
    Map<String, List<InstanceShape>> byReservation = new LinkedHashMap<>();
    for (int i = 0; i < instances.size(); i++) {
      byReservation
          .computeIfAbsent(instances.get(i).reservationId(), id -> new ArrayList<>())
          .add(shapes.get(i));
    }
    return byReservation.entrySet().stream()
        .map(entry ->
            new InstanceShape.ReservationShape(
                entry.getKey(), call.accountId(), List.of(), entry.getValue()))
        .toList();
  }

  private List<InstanceShape> shapes(Ec2Call call, List<Instance> instances) {
    Surroundings around = around(call.scope(), instances);
    return instances.stream().map(instance -> shape(call, instance, around)).toList();
  }

  private Surroundings around(Scope scope, List<Instance> instances) {
    String[] ids = instances.stream().map(Instance::id).toArray(String[]::new);
    if (ids.length == 0) {
      return new Surroundings(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    }
    List<NetworkInterface> cards = networks.interfaces.of(scope, "instance_id", ids);
    String[] groupIds =
        cards.stream()
            .flatMap(card -> card.securityGroups().stream())
            .distinct()
            .toArray(String[]::new);
    String[] cardIds = cards.stream().map(NetworkInterface::id).toArray(String[]::new);
    return new Surroundings(
        options.of(List.of(ids)),
        cards.stream()
            .sorted(Comparator.comparingInt(InstanceViews::place))
            .collect(Collectors.groupingBy(card -> String.valueOf(card.instanceId()))),
        volumes.volumes.of(scope, "instance_id", ids).stream()
            .collect(Collectors.groupingBy(volume -> String.valueOf(volume.instanceId()))),
        networks.groups.of(scope, "id", groupIds).stream()
            .collect(Collectors.toMap(SecurityGroup::id, SecurityGroup::name)),
        networks.addresses.of(scope, "network_interface_id", cardIds).stream()
            .collect(
                Collectors.toMap(
                    address -> String.valueOf(address.networkInterfaceId()), Function.identity())));
  }

  private InstanceShape shape(Ec2Call call, Instance instance, Surroundings around) {
    InstanceState state = instance.state();
    boolean ended = state == InstanceState.TERMINATED;
    InstanceOption option =
        around
            .options()
            .getOrDefault(
                instance.id(),
                InstanceOption.usual(instance.id(), call.accountId(), call.regionName()));
    List<NetworkInterface> cards =
        ended ? List.of() : around.cards().getOrDefault(instance.id(), List.of());
    NetworkInterface first = cards.isEmpty() ? null : cards.getFirst();
    Address address = first == null ? null : address(first, instance, around);
    String privateIp = first == null ? null : first.privateIp();
    List<GroupShape> groups = first == null ? List.of() : groups(first, around);
    Instant started =
        instance.intent() == Intent.RUN && instance.intentAt().isAfter(instance.createdAt())
            ? instance.intentAt()
            : instance.createdAt();
    return new InstanceShape(
        instance.id(),
        instance.imageId(),
        LaunchActions.StateShape.of(state),
        PrivateNames.of(privateIp, call.regionName()),
        PublicNames.of(address == null ? null : address.publicIp(), call.regionName()),
        reason(instance),
        option.keyName(),
        instance.launchIndex(),
        List.of(),
        type(instance, option),
        started,
        new InstanceShape.PlacementShape(
            zone(call, instance, option),
            option.placementGroup() == null ? "" : option.placementGroup(),
            option.tenancy()),
        new InstanceShape.MonitoringStateShape(option.monitoring() ? "enabled" : "disabled"),
        ended ? null : option.subnetId(),
        ended ? null : option.vpcId(),
        privateIp,
        address == null ? null : address.publicIp(),
        first == null ? null : first.sourceDestCheck(),
        groups,
        stateReason(instance),
        "riscv64",
        "ebs",
        "/dev/sda1",
        devices(ended ? List.of() : around.volumes().getOrDefault(instance.id(), List.of())),
        "hvm",
        option.clientToken() == null ? "" : option.clientToken(),
        Tag.of(tags(instance, option)),
        "xen",
        cards.stream().map(card -> card(call, card, instance, around)).toList(),
        option.ebsOptimized(),
        true,
        new InstanceShape.CpuShape(instance.vcpu(), 1),
        new LaunchSettings.ConfiguredShape(false),
        InstanceShape.MetadataStateShape.of(option.metadata()),
        new LaunchSettings.EnabledShape(false),
        "Linux/UNIX",
        "RunInstances",
        instance.createdAt(),
        new LaunchSettings.RecoveryShape("default"),
        new InstanceShape.CapacityShape("open"));
  }

  /// As its owner calls it.
  static String type(Instance instance, InstanceOption option) {
    return option.typeAsked() == null ? instance.type() : option.typeAsked();
  }

  /// The name that another door gave is a tag here.
  static Map<String, String> tags(Instance instance) {
    Map<String, String> tags = new TreeMap<>(instance.tags());
    if (instance.name() != null) {
      tags.putIfAbsent("Name", instance.name());
    }
    return tags;
  }

  /// With those that EC2 gives to what is launched from a template.
  private static Map<String, String> tags(Instance instance, InstanceOption option) {
    Map<String, String> tags = tags(instance);
    if (option.launchTemplateId() != null) {
      tags.put("aws:ec2launchtemplate:id", option.launchTemplateId());
      tags.put("aws:ec2launchtemplate:version", String.valueOf(option.launchTemplateVersion()));
    }
    return tags;
  }

  static String zone(Ec2Call call, Instance instance, InstanceOption option) {
    if (!option.zone().isEmpty()) {
      return option.zone();
    }
    Fact fact = instance.fact();
    String nodes = fact == null ? instance.zone() : fact.place().zone();
    return (nodes == null
            ? call.region().zones().stream().findFirst()
            : call.region().ofNodes(nodes))
        .map(Region.Zone::name)
        .orElse(call.regionName() + "?");
  }

  private static String reason(Instance instance) {
    return switch (instance.intent()) {
      case RUN -> "";
      case STOP, HIBERNATE, TERMINATE ->
          instance.intentCause() == IntentCause.USER
              ? "User initiated (" + REASON_TIME.format(instance.intentAt()) + ")"
              : "Instance initiated";
    };
  }

  private static InstanceShape.@Nullable ReasonShape stateReason(Instance instance) {
    if (instance.state() == InstanceState.PENDING) {
      StateReason waits = StateReason.of(instance, false);
      return waits == null
          ? null
          : new InstanceShape.ReasonShape("pending", "pending: " + waits.message());
    }
    return switch (instance.intent()) {
      case RUN -> null;
      case STOP, HIBERNATE, TERMINATE ->
          instance.intentCause() == IntentCause.USER
              ? new InstanceShape.ReasonShape(
                  "Client.UserInitiatedShutdown",
                  "Client.UserInitiatedShutdown: User initiated shutdown")
              : new InstanceShape.ReasonShape(
                  "Client.InstanceInitiatedShutdown",
                  "Client.InstanceInitiatedShutdown: "
                      + (instance.intentReason() == null
                          ? "Instance initiated shutdown"
                          : instance.intentReason()));
    };
  }

  private static List<InstanceShape.AddressShape> addresses(
      Ec2Call call, NetworkInterface card, InstanceShape.@Nullable AssociationShape association) {
    List<InstanceShape.AddressShape> addresses = new ArrayList<>();
    for (String ip : card.privateIps()) {
      boolean first = addresses.isEmpty();
      addresses.add(
          new InstanceShape.AddressShape(
              ip, PrivateNames.of(ip, call.regionName()), first, first ? association : null));
    }
    return addresses;
  }

  private static List<InstanceShape.DeviceShape> devices(List<Volume> volumes) {
    List<InstanceShape.DeviceShape> devices = new ArrayList<>();
    for (Volume volume : volumes) {
      String device = volume.device();
      Instant at = volume.attachedAt();
      if (device != null && at != null) {
        devices.add(
            new InstanceShape.DeviceShape(
                device,
                new InstanceShape.VolumeShape(
                    volume.id(), "attached", at, volume.deleteOnTermination())));
      }
    }
    return devices;
  }

  /// The first is the one that the instance began with, though others may be older.
  private static int place(NetworkInterface card) {
    Integer index = card.deviceIndex();
    return index == null ? 0 : index;
  }

  private static List<GroupShape> groups(NetworkInterface card, Surroundings around) {
    return card.securityGroups().stream()
        .map(id -> new GroupShape(id, around.groupNames().getOrDefault(id, "")))
        .toList();
  }

  /// One that came with the launch is there while the instance is to run.
  private static @Nullable Address address(
      NetworkInterface card, Instance instance, Surroundings around) {
    Address address = around.addresses().get(card.id());
    return address != null && address.automatic() && instance.intent() != Intent.RUN
        ? null
        : address;
  }

  private static InstanceShape.CardShape card(
      Ec2Call call, NetworkInterface card, Instance instance, Surroundings around) {
    Address address = address(card, instance, around);
    InstanceShape.AssociationShape association =
        address == null
            ? null
            : new InstanceShape.AssociationShape(
                address.publicIp(),
                PublicNames.of(address.publicIp(), call.regionName()),
                address.ipOwner());
    String dns = PrivateNames.of(card.privateIp(), call.regionName());
    Integer index = card.deviceIndex();
    Instant at = card.attachedAt();
    return new InstanceShape.CardShape(
        card.id(),
        card.subnetId(),
        card.vpcId(),
        card.description(),
        call.accountId(),
        "in-use",
        card.macAddress(),
        card.privateIp(),
        dns,
        card.sourceDestCheck(),
        groups(card, around),
        new InstanceShape.AttachmentShape(
            String.valueOf(card.attachmentId()),
            index == null ? 0 : index,
            "attached",
            at == null ? card.createdAt() : at,
            card.deleteOnTermination(),
            0),
        association,
        addresses(call, card, association),
        List.of(),
        "interface");
  }
}
