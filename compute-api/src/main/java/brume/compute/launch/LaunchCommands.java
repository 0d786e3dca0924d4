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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final LaunchCards cards;
  private final VolumeCommands volumes;
  private final PlacementCommands placementGroups;
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
      LaunchCards cards,
      VolumeCommands volumes,
      PlacementCommands placementGroups,
      Clock clock) {
    this.instances = instances;
    this.placing = placing;
    this.options = options;
    this.images = images;
    this.types = types;
    this.accounts = accounts;
    this.accountQueries = accountQueries;
    this.keys = keys;
    this.cards = cards;
    this.volumes = volumes;
    this.placementGroups = placementGroups;
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
    Subnet subnet = cards.subnet(scope, region, order, count);
    String named = order.instanceTags().get("Name");
    String name = named == null || named.isEmpty() ? null : named;
    Region.Zone zone = region.zone(subnet.zone()).orElseThrow();
    Reservation reservation =
        instances.run(
            caller,
            new RunInstances(
                image.id(),
                type.name(),
                count,
                count == 1 ? name : null,
                order.instanceTags(),
                order.userData(),
                zone.nodeZone()),
            region.name());
    volumes.requireRoom(scope, count * devices(order, image).size());
    List<String> ids = reservation.instances().stream().map(InstanceView::id).toList();
    if (count > 1 && name != null) {
      placing.name(ids, name);
    }
    if (order.terminationProtected()) {
      placing.protect(ids, true);
    }
    Instant now = clock.instant();
    cards.hang(scope, order, subnet, ids, now);
    for (String id : ids) {
      options.insert(option(order.options(), id, scope, subnet, order.keyName()));
      hangVolumes(scope, order, image, id, subnet.zone(), now);
    }
    return new Launched(reservation.reservationId(), ids);
  }

  private InstanceType type(String name) {
    return types
        .find(name)
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

  private static List<BlockDevice> devices(LaunchOrder order, ImageQueries.Bootable image) {
    Map<String, BlockDevice> devices = new LinkedHashMap<>();
    image.devices().forEach(device -> devices.put(device.deviceName(), device));
    for (BlockDevice device : order.devices()) {
      BlockDevice base = devices.get(device.deviceName());
      requireSize(device, base);
      devices.put(device.deviceName(), base == null ? device : device.or(base));
    }
    List<BlockDevice> wanted =
        devices.values().stream().filter(device -> !device.noDevice()).toList();
    if (wanted.stream()
        .anyMatch(device -> device.sizeGib() == null && device.snapshotId() == null)) {
      throw Refused.invalid(
          "missing_field",
          "BlockDeviceMapping.Ebs",
          "The request must contain the parameter size or snapshotId");
    }
    return wanted;
  }

  private static void requireSize(BlockDevice device, @Nullable BlockDevice base) {
    Integer wanted = device.sizeGib();
    Integer least = base == null ? null : base.sizeGib();
    if (wanted != null && least != null && wanted < least) {
      throw Refused.invalid(
          "invalid_block_device_mapping",
          "BlockDeviceMapping.Ebs.VolumeSize",
          "Volume of size "
              + wanted
              + "GB is smaller than snapshot of "
              + device.deviceName()
              + " in the image, expect size >= "
              + least
              + "GB");
    }
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
              device.snapshotId(),
              image.devices().stream().anyMatch(own -> isOf(own, device))),
          root ? image.source() : null,
          new VolumeCommands.Place(instanceId, device.deviceName(), delete, now),
          new TreeMap<>(order.volumeTags()));
    }
  }

  private static boolean isOf(BlockDevice own, BlockDevice device) {
    return own.deviceName().equals(device.deviceName())
        && Objects.equals(own.snapshotId(), device.snapshotId());
  }
}
