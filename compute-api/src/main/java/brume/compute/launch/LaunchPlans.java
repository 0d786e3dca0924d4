package brume.compute.launch;

import brume.compute.access.Action;
import brume.compute.access.Authorization;
import brume.compute.access.Target;
import brume.compute.account.AccountQueries;
import brume.compute.account.AccountStore;
import brume.compute.account.QuotaUse;
import brume.compute.account.Quotas;
import brume.compute.image.ImageQueries;
import brume.compute.image.InstanceType;
import brume.compute.image.InstanceTypes;
import brume.compute.instance.RunInstances;
import brume.compute.keypair.KeyPairs;
import brume.compute.network.Subnet;
import brume.compute.placement.PlacementCommands;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.region.Region;
import brume.compute.resource.Scope;
import brume.compute.volume.BlockDevice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Judges launches before anything is written: what they name is there and fits together, and how
/// many instances the quota leaves for each.
@Component
class LaunchPlans {
  private static final Action RUN = Action.of("RunInstances");

  private final ImageQueries images;
  private final InstanceTypes types;
  private final AccountStore accounts;
  private final AccountQueries accountQueries;
  private final KeyPairs keys;
  private final LaunchCards cards;
  private final PlacementCommands placementGroups;

  LaunchPlans(
      ImageQueries images,
      InstanceTypes types,
      AccountStore accounts,
      AccountQueries accountQueries,
      KeyPairs keys,
      LaunchCards cards,
      PlacementCommands placementGroups) {
    this.images = images;
    this.types = types;
    this.accounts = accounts;
    this.accountQueries = accountQueries;
    this.keys = keys;
    this.cards = cards;
    this.placementGroups = placementGroups;
  }

  /// A launch that may be.
  ///
  /// @param subnet of its first interface
  /// @param devices what each of its instances gets volumes of
  record Plan(
      LaunchCommands.Asked asked,
      ImageQueries.Bootable image,
      InstanceType type,
      int count,
      Subnet subnet,
      List<BlockDevice> devices) {
    /// What every launch says. Several of one launch have one name, which is given afterwards.
    RunInstances wanted() {
      LaunchOrder order = asked.order();
      return new RunInstances(
          image.id(),
          type.name(),
          count,
          count == 1 ? name() : null,
          order.instanceTags(),
          order.userData(),
          asked.region().zone(subnet.zone()).orElseThrow().nodeZone());
    }

    @Nullable String name() {
      String named = asked.order().instanceTags().get("Name");
      return named == null || named.isEmpty() ? null : named;
    }
  }

  /// What an account may still launch. It is locked, so nobody else takes of it meanwhile.
  static final class Room {
    private final Quotas quotas;
    private QuotaUse used;

    private Room(Quotas quotas, QuotaUse used) {
      this.quotas = quotas;
      this.used = used;
    }

    /// As many as there is room for, if that is at least the least; else the least, which is
    /// refused later, with the limit.
    private int take(InstanceType type, LaunchOrder order) {
      long room =
          Math.min(
              quotas.instancesMax() - (long) used.instances(),
              Math.min(
                  (quotas.vcpuMax() - (long) used.vcpu()) / type.vcpu(),
                  (quotas.memoryMibMax() - used.memoryMib()) / type.memoryMib()));
      int count = (int) Math.max(order.min(), Math.min(order.max(), room));
      if (count <= room) {
        used = used.plus(new QuotaUse(count, count * type.vcpu(), (long) count * type.memoryMib()));
      }
      return count;
    }
  }

  Room room(String accountId) {
    return new Room(accounts.lock(accountId), accountQueries.used(accountId));
  }

  /// Throws a refusal where it may not be.
  Plan plan(LaunchCommands.Asked asked, Room room, Memo memo) {
    Region region = asked.region();
    LaunchOrder order = asked.order();
    Scope scope = asked.scope();
    ImageQueries.Bootable image =
        memo.of(
            List.of("image", order.imageId()),
            () -> images.require(asked.caller(), region.name(), "image", order.imageId()));
    InstanceType type = type(order.instanceType());
    requireNamed(scope, order, memo);
    Authorization.require(
        asked.caller().principal(), RUN, new Target(type.name(), order.instanceTags()));
    image.requireFit(type);
    Subnet subnet = cards.subnet(scope, region, order, memo);
    List<BlockDevice> devices = devices(order, image);
    return new Plan(asked, image, type, room.take(type, order), subnet, devices);
  }

  private void requireNamed(Scope scope, LaunchOrder order, Memo memo) {
    String group = order.options().placementGroup();
    if (group != null) {
      memo.of(List.of("placement group", group), () -> placementGroups.require(scope, group));
    }
    String key = order.keyName();
    if (key != null) {
      memo.of(
          List.of("key", key),
          () ->
              keys.named(scope.accountId(), scope.region(), key)
                  .orElseThrow(() ->
                      Refused.notFound(
                          "key_pair_not_found",
                          "KeyName",
                          "The key pair '" + Fields.shown(key) + "' does not exist")));
    }
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

  /// The image's volumes with what the launch says otherwise, and the launch's own.
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
}
