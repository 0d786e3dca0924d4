package brume.compute.launch;

import brume.compute.access.Caller;
import brume.compute.account.AccountQueries;
import brume.compute.account.AccountStore;
import brume.compute.account.QuotaUse;
import brume.compute.account.Quotas;
import brume.compute.image.ImageQueries;
import brume.compute.image.InstanceType;
import brume.compute.image.InstanceTypes;
import brume.compute.instance.InstanceCommands;
import brume.compute.instance.InstancePlacing;
import brume.compute.instance.InstanceView;
import brume.compute.instance.Reservation;
import brume.compute.instance.RunInstances;
import brume.compute.keypair.KeyPairs;
import brume.compute.network.InterfaceCommands;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.network.SecurityGroup;
import brume.compute.network.Subnet;
import brume.compute.placement.PlacementCommands;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.region.Region;
import brume.compute.resource.Scope;
import brume.compute.volume.BlockDevice;
import brume.compute.volume.VolumeCommands;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Launches with a subnet, interfaces and volumes: what every launch does, and in the same
/// transaction what hangs on the new instances.
@Component
public class LaunchCommands {
  private final InstanceCommands instances;
  private final InstancePlacing placing;
  private final InstanceOptions options;
  private final ImageQueries images;
  private final InstanceTypes types;
  private final AccountStore accounts;
  private final AccountQueries accountQueries;
  private final KeyPairs keys;
  private final NetworkTables networks;
  private final InterfaceCommands interfaces;
  private final VolumeCommands volumes;
  private final PlacementCommands placementGroups;
  private final Zones zones;
  private final Clock clock;

  LaunchCommands(
      InstanceCommands instances,
      InstancePlacing placing,
      InstanceOptions options,
      ImageQueries images,
      InstanceTypes types,
      AccountStore accounts,
      AccountQueries accountQueries,
      KeyPairs keys,
      NetworkTables networks,
      InterfaceCommands interfaces,
      VolumeCommands volumes,
      PlacementCommands placementGroups,
      Zones zones,
      Clock clock) {
    this.instances = instances;
    this.placing = placing;
    this.options = options;
    this.images = images;
    this.types = types;
    this.accounts = accounts;
    this.accountQueries = accountQueries;
    this.keys = keys;
    this.networks = networks;
    this.interfaces = interfaces;
    this.volumes = volumes;
    this.placementGroups = placementGroups;
    this.zones = zones;
    this.clock = clock;
  }

  /// @param caller without an idempotency key: who calls this keeps the whole launch under one
  /// @return the ids of the new instances, and of their reservation
  @Transactional
  public Launched launch(Caller caller, Region region, LaunchOrder order) {
    Scope scope = new Scope(caller.accountId(), region.name());
    ImageQueries.Bootable image = images.require(caller, region.name(), "image", order.imageId());
    InstanceType type = type(order.instanceType());
    String placementGroup = order.options().placementGroup();
    if (placementGroup != null) {
      placementGroups.require(scope, placementGroup);
    }
    String keyName = order.keyName();
    if (keyName != null && keys.named(scope.accountId(), scope.region(), keyName).isEmpty()) {
      throw Refused.notFound(
          "key_pair_not_found",
          "KeyName",
          "The key pair '" + Fields.shown(keyName) + "' does not exist");
    }
    int count = count(scope, type, order);
    NetworkInterface card = card(scope, order, count);
    Subnet subnet =
        card == null
            ? subnet(scope, region, order)
            : networks.subnets.require(scope, card.subnetId());
    Region.Zone zone = region.zone(subnet.zone()).orElseThrow();
    Reservation reservation =
        instances.run(
            caller,
            new RunInstances(
                image.id(),
                type.name(),
                count,
                null,
                order.instanceTags(),
                order.userData(),
                zone.nodeZone()));
    volumes.requireRoom(scope, count * devices(order, image).size());
    List<String> ids = reservation.instances().stream().map(InstanceView::id).toList();
    placing.place(ids, region.name(), order.instanceTags().get("Name"));
    if (order.terminationProtected()) {
      placing.protect(ids, true);
    }
    Instant now = clock.instant();
    hang(scope, order, subnet, card, ids, now);
    for (String id : ids) {
      options.insert(option(order.options(), id, scope, subnet, order.keyName()));
      hangVolumes(scope, order, image, id, subnet.zone(), now);
    }
    return new Launched(reservation.reservationId(), ids);
  }

  private InstanceType type(String name) {
    return types.all().stream()
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            Refused.invalid(
                "unknown_instance_type",
                "InstanceType",
                "Invalid value '" + Fields.shown(name) + "' for InstanceType."));
  }

  /// What a launch made.
  public record Launched(String reservationId, List<String> instanceIds) {}

  private static InstanceOption option(
      InstanceOption wanted, String id, Scope scope, Subnet subnet, @Nullable String keyName) {
    return new InstanceOption(
        id,
        scope.accountId(),
        scope.region(),
        subnet.zone(),
        subnet.vpcId(),
        subnet.id(),
        keyName,
        wanted.clientToken(),
        wanted.shutdownBehavior(),
        wanted.disableApiStop(),
        wanted.ebsOptimized(),
        wanted.monitoring(),
        wanted.cpuCredits(),
        wanted.metadata(),
        wanted.placementGroup(),
        wanted.tenancy(),
        wanted.launchTemplateId(),
        wanted.launchTemplateVersion());
  }

  /// As many as the quota allows, if that is at least the least; else the least, which is refused.
  private int count(Scope scope, InstanceType type, LaunchOrder order) {
    Quotas quotas = accounts.lock(scope.accountId());
    QuotaUse used = accountQueries.used(scope.accountId());
    long room =
        Math.min(
            quotas.instancesMax() - (long) used.instances(),
            Math.min(
                (quotas.vcpuMax() - (long) used.vcpu()) / type.vcpu(),
                (quotas.memoryMibMax() - used.memoryMib()) / type.memoryMib()));
    return (int) Math.max(order.min(), Math.min(order.max(), room));
  }

  private @Nullable NetworkInterface card(Scope scope, LaunchOrder order, int count) {
    String id = order.networkInterfaceId();
    if (id == null) {
      return null;
    }
    NetworkInterface card = networks.interfaces.require(scope, id);
    if (card.instanceId() != null || count != 1) {
      throw Refused.conflict("interface_in_use", "Interface: [" + id + "] in use.");
    }
    return card;
  }

  private Subnet subnet(Scope scope, Region region, LaunchOrder order) {
    if (order.subnetId() != null) {
      Subnet subnet = networks.subnets.require(scope, order.subnetId());
      if (order.zone() != null && !order.zone().equals(subnet.zone())) {
        throw Refused.invalid(
            "Placement.AvailabilityZone",
            "The availability zone '" + Fields.shown(order.zone()) + "' is not that of the subnet");
      }
      return subnet;
    }
    String zone = order.zone() == null ? zones.roomiest(region).name() : order.zone();
    return networks.subnets.where(scope, "default_for_zone AND zone = ?", zone).stream()
        .findFirst()
        .orElseThrow(() ->
            Refused.invalid(
                "missing_default_subnet",
                "SubnetId",
                "No default subnet for availability zone: '" + Fields.shown(zone) + "'."));
  }

  private void hang(
      Scope scope,
      LaunchOrder order,
      Subnet subnet,
      @Nullable NetworkInterface card,
      List<String> ids,
      Instant now) {
    if (card != null) {
      interfaces.attach(scope, card.id(), ids.getFirst(), 0);
      return;
    }
    List<String> groups = new ArrayList<>(order.groupIds());
    for (String name : order.groupNames()) {
      groups.add(
          networks.groups.where(scope, "vpc_id = ? AND name = ?", subnet.vpcId(), name).stream()
              .map(SecurityGroup::id)
              .findFirst()
              .orElseThrow(() ->
                  Refused.notFound(
                      "security_group_not_found",
                      "SecurityGroup",
                      "The security group '"
                          + Fields.shown(name)
                          + "' does not exist in VPC '"
                          + subnet.vpcId()
                          + "'")));
    }
    InterfaceCommands.Wanted wanted =
        new InterfaceCommands.Wanted(
            subnet.id(), "", groups, order.privateIp(), InterfaceCommands.More.NONE);
    for (NetworkInterface made : interfaces.createFor(scope, wanted, ids, now)) {
      networks.interfaces.tag(made, order.interfaceTags());
      if (!order.moreAddresses().equals(InterfaceCommands.More.NONE)) {
        interfaces.assign(scope, made.id(), order.moreAddresses());
      }
    }
  }

  private static List<BlockDevice> devices(LaunchOrder order, ImageQueries.Bootable image) {
    Map<String, BlockDevice> devices = new LinkedHashMap<>();
    image.devices().forEach(device -> devices.put(device.deviceName(), device));
    for (BlockDevice device : order.devices()) {
      BlockDevice base = devices.get(device.deviceName());
      devices.put(device.deviceName(), base == null ? device : device.or(base));
    }
    return devices.values().stream().filter(device -> !device.noDevice()).toList();
  }

  /// The image's volumes with what the launch says otherwise, and the launch's own.
  private void hangVolumes(
      Scope scope,
      LaunchOrder order,
      ImageQueries.Bootable image,
      String instanceId,
      String zone,
      Instant now) {
    for (BlockDevice device : devices(order, image)) {
      boolean root = device.deviceName().equals(image.rootDevice());
      boolean delete = !Boolean.FALSE.equals(device.deleteOnTermination());
      volumes.createOn(
          scope,
          new VolumeCommands.Wanted(
              zone,
              device.sizeGib(),
              device.type(),
              device.iops(),
              device.throughput(),
              Boolean.TRUE.equals(device.encrypted()),
              device.snapshotId()),
          root ? image.source() : null,
          new VolumeCommands.Place(instanceId, device.deviceName(), delete, now),
          new TreeMap<>(order.volumeTags()));
    }
  }
}
