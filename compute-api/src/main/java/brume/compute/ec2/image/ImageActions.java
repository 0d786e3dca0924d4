package brume.compute.ec2.image;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.EbsShape;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Once;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.image.ImageCommands;
import brume.compute.image.ImageQueries;
import brume.compute.image.ImageRow;
import brume.compute.instance.Instance;
import brume.compute.launch.InstanceActs;
import brume.compute.region.Regions;
import brume.compute.resource.ResourceKind;
import brume.compute.resource.Scope;
import brume.compute.table.Parts;
import brume.compute.tag.TagStore;
import brume.compute.volume.BlockDevice;
import brume.compute.volume.Snapshot;
import brume.compute.volume.Volume;
import brume.compute.volume.VolumeCommands;
import brume.compute.volume.VolumeTables;
import brume.contract.Intent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeImages, CreateImage, RegisterImage, CopyImage, DeregisterImage.
@Component
class ImageActions implements Ec2Actions {
  private static final List<String> ARCHITECTURES =
      List.of("riscv64", "x86_64", "i386", "arm64", "x86_64_mac", "arm64_mac");
  static final String CLOUD = "amazon";
  static final String CLOUD_ACCOUNT = "000000000000";

  /// An image with the tags that the asking account gave it.
  record Tagged(ImageRow image, Map<String, String> tags) {}

  private static final Filters<Tagged> FILTERS =
      new Filters<Tagged>()
          .on("image-id", one -> one.image().id())
          .on("name", one -> one.image().name())
          .on("source-instance-id", one -> one.image().sourceInstanceId())
          .on("description", one -> one.image().description())
          .on("architecture", one -> one.image().architecture())
          .on("state", one -> "available")
          .on("is-public", one -> isPublic(one.image()))
          .on("owner-id", one -> owner(one.image()))
          .on("owner-alias", one -> one.image().accountId() == null ? CLOUD : null)
          .on("image-type", one -> "machine")
          .on("root-device-type", one -> "ebs")
          .on("root-device-name", one -> one.image().rootDevice())
          .on("virtualization-type", one -> "hvm")
          .on("hypervisor", one -> "xen")
          .on("ena-support", one -> true)
          .on("creation-date", one -> one.image().createdAt())
          .on("manifest-location", one -> owner(one.image()) + "/" + one.image().name())
          .onAny("block-device-mapping.volume-size", one -> each(one, BlockDevice::sizeGib))
          .onAny("block-device-mapping.volume-type", one -> each(one, BlockDevice::type))
          .onAny(
              "block-device-mapping.encrypted",
              one -> each(one, device -> Boolean.TRUE.equals(device.encrypted())))
          .onAny(
              "block-device-mapping.delete-on-termination",
              one -> each(one, device -> !Boolean.FALSE.equals(device.deleteOnTermination())))
          .on("free-tier-eligible", one -> false)
          .on("image-allowed", one -> true)
          .never(
              "kernel-id",
              "platform",
              "product-code",
              "product-code.type",
              "ramdisk-id",
              "source-image-id",
              "source-image-region",
              "state-reason-code",
              "state-reason-message",
              "sriov-net-support")
          .onAny("block-device-mapping.snapshot-id", one -> each(one, BlockDevice::snapshotId))
          .onAny("block-device-mapping.device-name", one -> each(one, BlockDevice::deviceName))
          .onTags(Tagged::tags);

  private final ImageCommands images;
  private final VolumeCommands volumes;
  private final VolumeTables volumeTables;
  private final InstanceActs instances;
  private final TagStore tags;
  private final Regions regions;

  ImageActions(
      ImageCommands images,
      VolumeCommands volumes,
      VolumeTables volumeTables,
      InstanceActs instances,
      TagStore tags,
      Regions regions) {
    this.images = images;
    this.volumes = volumes;
    this.volumeTables = volumeTables;
    this.instances = instances;
    this.tags = tags;
    this.regions = regions;
  }

  private static Stream<String> each(Tagged one, Function<BlockDevice, @Nullable Object> part) {
    return devices(one.image()).stream().map(part).filter(Objects::nonNull).map(String::valueOf);
  }

  /// An image that says nothing has a root of the usual size, of a snapshot that is nobody's.
  private static List<BlockDevice> devices(ImageRow image) {
    return image.devices().isEmpty()
        ? List.of(
            new BlockDevice(
                image.rootDevice(),
                false,
                "snap-" + image.id().substring("ami-".length()),
                ImageQueries.ROOT_GIB,
                "gp2",
                null,
                null,
                false,
                true))
        : image.devices();
  }

  private static boolean isPublic(ImageRow image) {
    return image.isPublic() || image.accountId() == null;
  }

  private static String owner(ImageRow image) {
    return image.accountId() == null ? CLOUD_ACCOUNT : image.accountId();
  }

  record DescribeImages(
      List<String> imageId,
      List<String> owner,
      List<String> executableBy,
      @Nullable Boolean includeDeprecated,
      @Nullable Boolean includeDisabled,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record ImageShape(
      String imageId,
      String imageLocation,
      String imageState,
      String imageOwnerId,
      @Nullable String imageOwnerAlias,
      Instant creationDate,
      boolean isPublic,
      List<String> productCodes,
      String architecture,
      String imageType,
      String name,
      String description,
      String rootDeviceType,
      String rootDeviceName,
      List<EbsShape.Mapping> blockDeviceMapping,
      String virtualizationType,
      String hypervisor,
      boolean enaSupport,
      String platformDetails,
      String usageOperation,
      @Nullable String sourceInstanceId,
      List<Tag> tagSet) {
    static ImageShape of(Tagged tagged) {
      ImageRow image = tagged.image();
      return new ImageShape(
          image.id(),
          owner(image) + "/" + image.name(),
          "available",
          owner(image),
          image.accountId() == null ? CLOUD : null,
          image.createdAt(),
          ImageActions.isPublic(image),
          List.of(),
          image.architecture(),
          "machine",
          image.name(),
          image.description(),
          "ebs",
          image.rootDevice(),
          EbsShape.mappings(devices(image)),
          "hvm",
          "xen",
          true,
          "Linux/UNIX",
          "RunInstances",
          image.sourceInstanceId(),
          Tag.of(tagged.tags()));
    }
  }

  record DescribeImagesAnswer(List<ImageShape> imagesSet, @Nullable String nextToken) {}

  /// An image that its owner took back is left out, also when asked for by its id.
  public DescribeImagesAnswer describeImages(Ec2Call call, DescribeImages request) {
    Pages pages = Pages.of(call.action(), request.maxResults(), request.nextToken());
    List<ImageRow> all = images.visible(call.scope());
    Set<String> known =
        new HashSet<>(
            request.imageId().isEmpty()
                ? Set.of()
                : images.takenBack(call.scope(), request.imageId()));
    all.forEach(image -> known.add(image.id()));
    ResourceKind.IMAGE.requireAll(request.imageId(), known);
    Map<String, Map<String, String>> tagged =
        tags.of(call.accountId(), all.stream().map(ImageRow::id).toList());
    List<Tagged> chosen =
        all.stream()
            .filter(image -> request.imageId().isEmpty() || request.imageId().contains(image.id()))
            .filter(image -> owned(call, image, request.owner()))
            .filter(image -> executable(call, image, request.executableBy()))
            .map(image -> new Tagged(image, tagged.getOrDefault(image.id(), Map.of())))
            .filter(FILTERS.select(request.filter()))
            .toList();
    Pages.Page<Tagged> page = pages.cut(chosen, one -> one.image().id());
    return new DescribeImagesAnswer(
        page.items().stream().map(ImageShape::of).toList(), page.nextToken());
  }

  private static boolean owned(Ec2Call call, ImageRow image, List<String> owners) {
    return owners.isEmpty()
        || owners.contains(owner(image))
        || (owners.contains("self") && call.accountId().equals(image.accountId()))
        || (owners.contains(CLOUD) && image.accountId() == null);
  }

  private static boolean executable(Ec2Call call, ImageRow image, List<String> by) {
    return by.isEmpty()
        || (by.contains("all") && isPublic(image))
        || (by.contains("self") && image.sharedWith().contains(call.accountId()))
        || by.stream().anyMatch(image.sharedWith()::contains);
  }

  record ImageIdAnswer(String imageId) {}

  @NotHere("SnapshotLocation")
  record CreateImage(
      @Required String instanceId,
      @Required String name,
      @Nullable String description,
      @Nullable Boolean noReboot,
      List<EbsShape.Mapping> blockDeviceMapping,
      List<TagSpecification> tagSpecification) {}

  /// A snapshot of each volume of the instance, and an image of them. What boots is what the
  /// instance booted: its root is its image's, which nothing changes.
  public ImageIdAnswer createImage(Ec2Call call, CreateImage request) {
    Instance instance = instances.lock(call.scope(), request.instanceId());
    if (instance.intent() == Intent.TERMINATE) {
      throw Ec2Fault.value(
          "instanceId", instance.id(), "The instance has ended, and its volumes with it.");
    }
    ImageRow base = images.requireAny(instance.imageId());
    Map<String, ? extends Map<String, String>> tagged =
        TagSpecification.byType(List.of("image", "snapshot"), request.tagSpecification());
    String id = images.nextId();
    Map<String, BlockDevice> devices = new TreeMap<>();
    for (Volume volume :
        volumeTables.volumes.where(call.scope(), "instance_id = ?", instance.id())) {
      Snapshot snapshot =
          volumes
              .snapshot(
                  call.scope(),
                  volume.id(),
                  "Created by CreateImage(" + instance.id() + ") for " + id,
                  tagged.get("snapshot") == null ? Map.of() : tagged.get("snapshot"))
              .row();
      String device = String.valueOf(volume.device());
      devices.put(
          device,
          new BlockDevice(
              device,
              false,
              snapshot.id(),
              volume.sizeGib(),
              volume.type(),
              null,
              null,
              volume.encrypted(),
              volume.deleteOnTermination()));
    }
    EbsShape.devices(request.blockDeviceMapping())
        .forEach(device ->
            devices.merge(device.deviceName(), device, (before, wanted) -> wanted.or(before)));
    ImageRow made =
        images.create(
            call.scope(),
            new ImageCommands.Wanted(
                id,
                request.name(),
                request.description() == null ? "" : request.description(),
                base.architecture(),
                base.source(),
                instance.id(),
                base.memoryMibMin(),
                base.rootDevice(),
                devices.values().stream().filter(device -> !device.noDevice()).toList()),
            tagged.get("image") == null ? Map.of() : tagged.get("image"));
    return new ImageIdAnswer(made.id());
  }

  @NotHere({"BillingProduct", "TpmSupport", "UefiData", "KernelId", "RamdiskId"})
  record RegisterImage(
      @Required String name,
      @Nullable String description,
      @Nullable String architecture,
      @Nullable String rootDeviceName,
      List<EbsShape.Mapping> blockDeviceMapping,
      @Nullable String virtualizationType,
      @Nullable Boolean enaSupport,
      @Nullable String sriovNetSupport,
      @Nullable String bootMode,
      @Nullable String imdsSupport,
      @Nullable String imageLocation,
      List<TagSpecification> tagSpecification) {}

  /// From the snapshot of a root volume, which knows what boots.
  public ImageIdAnswer registerImage(Ec2Call call, RegisterImage request) {
    String architecture =
        request.architecture() == null ? ImageQueries.ARCHITECTURE : request.architecture();
    if (!ARCHITECTURES.contains(architecture)) {
      throw Ec2Fault.value(
          "Architecture", architecture, "It must be one of " + String.join(", ", ARCHITECTURES));
    }
    List<BlockDevice> devices = EbsShape.devices(request.blockDeviceMapping());
    String root = request.rootDeviceName() == null ? "/dev/sda1" : request.rootDeviceName();
    BlockDevice boot =
        devices.stream()
            .filter(device -> device.deviceName().equals(root) && device.snapshotId() != null)
            .findFirst()
            .orElseThrow(() ->
                new Ec2Fault(
                    "InvalidBlockDeviceMapping",
                    "No snapshot is given for the root device " + root));
    List<BlockDevice> sized = new ArrayList<>();
    for (BlockDevice device : devices) {
      Snapshot snapshot =
          device.snapshotId() == null ? null : volumes.snapshot(call.scope(), device.snapshotId());
      sized.add(
          snapshot == null
              ? device
              : device.or(
                  new BlockDevice(
                      device.deviceName(),
                      false,
                      null,
                      snapshot.sizeGib(),
                      null,
                      null,
                      null,
                      snapshot.encrypted(),
                      true)));
    }
    String source = volumes.snapshot(call.scope(), String.valueOf(boot.snapshotId())).imageSource();
    ImageRow made =
        images.create(
            call.scope(),
            new ImageCommands.Wanted(
                images.nextId(),
                request.name(),
                request.description() == null ? "" : request.description(),
                architecture,
                source,
                null,
                images.memoryMibMin(source),
                root,
                sized),
            TagSpecification.of("image", request.tagSpecification()));
    return new ImageIdAnswer(made.id());
  }

  @NotHere({
    "KmsKeyId",
    "DestinationOutpostArn",
    "SnapshotCopyCompletionDurationMinutes",
    "DestinationAvailabilityZone",
    "DestinationAvailabilityZoneId"
  })
  record CopyImage(
      @Required String name,
      @Required String sourceImageId,
      @Required String sourceRegion,
      @Nullable String description,
      @Once @Nullable String clientToken,
      @Nullable Boolean encrypted,
      @Nullable Boolean copyImageTags,
      List<TagSpecification> tagSpecification) {}

  public ImageIdAnswer copyImage(Ec2Call call, CopyImage request) {
    if (regions.find(request.sourceRegion()).isEmpty()) {
      throw new Ec2Fault(
          "InvalidRequest",
          "The region '" + Text.shown(request.sourceRegion()) + "' of SourceRegion does not exist");
    }
    ImageRow source =
        images.require(call.accountId(), request.sourceRegion(), request.sourceImageId());
    Map<String, String> tagged = new TreeMap<>();
    if (Boolean.TRUE.equals(request.copyImageTags())) {
      tagged.putAll(tags.of(call.accountId(), source.id()));
    }
    tagged.putAll(TagSpecification.of("image", request.tagSpecification()));
    ImageRow made =
        images.create(
            call.scope(),
            new ImageCommands.Wanted(
                images.nextId(),
                request.name(),
                request.description() == null ? source.description() : request.description(),
                source.architecture(),
                source.source(),
                null,
                source.memoryMibMin(),
                source.rootDevice(),
                devices(source).stream()
                    .map(device -> copied(call, source, device, request.encrypted()))
                    .toList()),
            tagged);
    return new ImageIdAnswer(made.id());
  }

  /// A snapshot stays in its region, so the copy has one of its own.
  private BlockDevice copied(
      Ec2Call call, ImageRow source, BlockDevice device, @Nullable Boolean encrypted) {
    String snapshotId = device.snapshotId();
    boolean encrypt = Boolean.TRUE.equals(encrypted) || Boolean.TRUE.equals(device.encrypted());
    if (snapshotId == null) {
      return Parts.with(device, "encrypted", encrypt);
    }
    String owner = source.accountId();
    String region = source.region();
    Snapshot snapshot =
        owner == null || region == null
            ? null
            : volumeTables.snapshots.find(new Scope(owner, region), snapshotId).orElse(null);
    Snapshot made =
        volumes
            .copy(
                call.scope(),
                snapshot == null ? rootOf(call, source, device) : snapshot,
                "Copied for CopyImage from " + source.id(),
                encrypt,
                Map.of())
            .row();
    return Parts.with(Parts.with(device, "snapshotId", made.id()), "encrypted", encrypt);
  }

  /// What is in the root of an image whose snapshot is nobody's.
  private static Snapshot rootOf(Ec2Call call, ImageRow source, BlockDevice device) {
    Integer size = device.sizeGib();
    return new Snapshot(
        String.valueOf(device.snapshotId()),
        call.accountId(),
        call.regionName(),
        "",
        size == null ? ImageQueries.ROOT_GIB : size,
        "",
        false,
        device.deviceName().equals(source.rootDevice()) ? source.source() : null,
        List.of(),
        source.createdAt());
  }

  record DeregisterImage(@Required String imageId, @Nullable Boolean deleteAssociatedSnapshots) {}

  public Done deregisterImage(Ec2Call call, DeregisterImage request) {
    ImageRow image = images.deregister(call.scope(), request.imageId());
    if (Boolean.TRUE.equals(request.deleteAssociatedSnapshots())) {
      image.devices().stream()
          .flatMap(device -> Stream.ofNullable(device.snapshotId()))
          .distinct()
          .forEach(snapshot -> volumes.deleteUnused(call.scope(), snapshot));
    }
    return Done.TRUE;
  }
}
