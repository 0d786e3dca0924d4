package brume.compute.ec2.volume;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.instance.Instance;
import brume.compute.launch.InstanceActs;
import brume.compute.launch.InstanceOption;
import brume.compute.launch.InstanceOptions;
import brume.compute.region.Region;
import brume.compute.resource.Tagged;
import brume.compute.volume.Volume;
import brume.compute.volume.VolumeCommands;
import brume.compute.volume.VolumeTables;
import brume.contract.InstanceState;
import brume.contract.Intent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateVolume, AttachVolume, DetachVolume, DeleteVolume, DescribeVolumes.
@Component
class VolumeActions implements Ec2Actions {
  private static final Filters<Tagged<Volume>> FILTERS =
      new Filters<Tagged<Volume>>()
          .on("volume-id", volume -> volume.row().id())
          .on("availability-zone", volume -> volume.row().zone())
          .on("size", volume -> volume.row().sizeGib())
          .on("status", volume -> volume.row().state())
          .on("volume-type", volume -> volume.row().type())
          .on("encrypted", volume -> volume.row().encrypted())
          .on("snapshot-id", volume -> volume.row().snapshotId())
          .on("create-time", volume -> volume.row().createdAt())
          .on("multi-attach-enabled", volume -> false)
          .on("fast-restored", volume -> false)
          .on("operator.managed", volume -> false)
          .never("availability-zone-id", "operator.principal")
          .on("attachment.instance-id", volume -> volume.row().instanceId())
          .on("attachment.device", volume -> volume.row().device())
          .on("attachment.attach-time", volume -> volume.row().attachedAt())
          .on(
              "attachment.delete-on-termination",
              volume ->
                  volume.row().instanceId() == null ? null : volume.row().deleteOnTermination())
          .on("attachment.status", volume -> volume.row().instanceId() == null ? null : "attached")
          .onTags(Tagged::tags);

  private final VolumeTables tables;
  private final VolumeCommands commands;
  private final InstanceActs instances;
  private final InstanceOptions options;
  private final IdempotencyStore requests;
  private final Clock clock;

  VolumeActions(
      VolumeTables tables,
      VolumeCommands commands,
      InstanceActs instances,
      InstanceOptions options,
      IdempotencyStore requests,
      Clock clock) {
    this.tables = tables;
    this.commands = commands;
    this.instances = instances;
    this.options = options;
    this.requests = requests;
    this.clock = clock;
  }

  record AttachmentShape(
      String volumeId,
      String instanceId,
      String device,
      String status,
      Instant attachTime,
      boolean deleteOnTermination) {
    static @Nullable AttachmentShape of(Volume volume, String status) {
      String instance = volume.instanceId();
      String device = volume.device();
      Instant at = volume.attachedAt();
      return instance == null || device == null || at == null
          ? null
          : new AttachmentShape(
              volume.id(), instance, device, status, at, volume.deleteOnTermination());
    }
  }

  record VolumeShape(
      String volumeId,
      int size,
      @Nullable String snapshotId,
      String availabilityZone,
      String status,
      Instant createTime,
      List<AttachmentShape> attachmentSet,
      List<Tag> tagSet,
      String volumeType,
      @Nullable Integer iops,
      @Nullable Integer throughput,
      boolean encrypted,
      boolean multiAttachEnabled) {
    static VolumeShape of(Tagged<Volume> tagged, @Nullable String state) {
      Volume volume = tagged.row();
      AttachmentShape attachment = AttachmentShape.of(volume, "attached");
      return new VolumeShape(
          volume.id(),
          volume.sizeGib(),
          volume.snapshotId() == null ? "" : volume.snapshotId(),
          volume.zone(),
          state == null ? volume.state() : state,
          volume.createdAt(),
          attachment == null ? List.of() : List.of(attachment),
          Tag.of(tagged.tags()),
          volume.type(),
          volume.iops(),
          volume.throughput(),
          volume.encrypted(),
          false);
    }
  }

  @NotHere({"OutpostArn", "VolumeInitializationRate", "Operator"})
  record CreateVolume(
      @Nullable String availabilityZone,
      @Nullable String availabilityZoneId,
      @Nullable Integer size,
      @Nullable String snapshotId,
      @Nullable String volumeType,
      @Nullable Integer iops,
      @Nullable Integer throughput,
      @Nullable Boolean encrypted,
      @Nullable String kmsKeyId,
      @Nullable Boolean multiAttachEnabled,
      @Nullable String clientToken,
      List<TagSpecification> tagSpecification) {}

  record Made(String volumeId) {}

  public VolumeShape createVolume(Ec2Call call, CreateVolume request) {
    String zone = zone(call, request);
    if (request.kmsKeyId() != null || Boolean.TRUE.equals(request.multiAttachEnabled())) {
      throw Ec2Fault.unsupported("There are no KMS keys and no volumes for several instances.");
    }
    VolumeCommands.Wanted wanted =
        new VolumeCommands.Wanted(
            zone,
            request.size(),
            request.volumeType(),
            request.iops(),
            request.throughput(),
            Boolean.TRUE.equals(request.encrypted()),
            request.snapshotId(),
            false);
    Made made =
        requests.once(
            call.withToken(request.clientToken()),
            call.action(),
            request,
            Made.class,
            () ->
                new Made(
                    commands
                        .create(
                            call.scope(),
                            wanted,
                            TagSpecification.of("volume", request.tagSpecification()))
                        .row()
                        .id()));
    Volume volume = tables.volumes.require(call.scope(), made.volumeId());
    return VolumeShape.of(
        tables.volumes.tagged(call.scope(), List.of(volume)).getFirst(), "creating");
  }

  private static String zone(Ec2Call call, CreateVolume request) {
    String name = request.availabilityZone();
    String id = request.availabilityZoneId();
    if ((name == null || name.isEmpty()) && id == null) {
      throw Ec2Fault.missing("AvailabilityZone");
    }
    return call.region().zones().stream()
        .filter(zone -> zone.name().equals(name) || (name == null && zone.id().equals(id)))
        .map(Region.Zone::name)
        .findFirst()
        .orElseThrow(() ->
            new Ec2Fault(
                "InvalidZone.NotFound",
                "The zone '"
                    + Text.shown(String.valueOf(name == null ? id : name))
                    + "' does not exist."));
  }

  record AttachVolume(
      @Required String volumeId, @Required String instanceId, @Required String device) {}

  public AttachmentShape attachVolume(Ec2Call call, AttachVolume request) {
    Instance instance = instances.lock(call.scope(), request.instanceId());
    if (instance.intent() == Intent.TERMINATE) {
      throw new Ec2Fault(
          "IncorrectState", "Instance '" + instance.id() + "' is not 'running' or 'stopped'.");
    }
    InstanceOption option = options.of(List.of(instance.id())).get(instance.id());
    Volume volume = tables.volumes.require(call.scope(), request.volumeId());
    Volume attached =
        commands.attach(
            call.scope(),
            request.volumeId(),
            new VolumeCommands.Place(
                request.instanceId(), request.device(), false, clock.instant()),
            option == null ? volume.zone() : option.zone());
    return shape(attached, "attaching");
  }

  private static AttachmentShape shape(Volume volume, String status) {
    AttachmentShape shape = AttachmentShape.of(volume, status);
    if (shape == null) {
      throw new IllegalStateException(volume.id() + " hangs on nothing");
    }
    return shape;
  }

  record DetachVolume(
      @Required String volumeId,
      @Nullable String instanceId,
      @Nullable String device,
      @Nullable Boolean force) {}

  public AttachmentShape detachVolume(Ec2Call call, DetachVolume request) {
    Volume volume = tables.volumes.require(call.scope(), request.volumeId());
    String holder = volume.instanceId();
    if (holder != null && volume.imageSource() != null && "/dev/sda1".equals(volume.device())) {
      Instance instance = instances.lock(call.scope(), holder);
      if (instance.state() != InstanceState.STOPPED) {
        throw new Ec2Fault(
            "OperationNotPermitted",
            "Unable to detach root volume '"
                + volume.id()
                + "' from instance '"
                + holder
                + "': stop it first");
      }
    }
    Volume before =
        commands.detach(call.scope(), request.volumeId(), request.instanceId(), request.device());
    return shape(before, "detaching");
  }

  record DeleteVolume(@Required String volumeId) {}

  public Done deleteVolume(Ec2Call call, DeleteVolume request) {
    commands.delete(call.scope(), request.volumeId());
    return Done.TRUE;
  }

  @NotHere("IncludeManagedResources")
  record DescribeVolumes(
      List<String> volumeId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeVolumesAnswer(List<VolumeShape> volumeSet, @Nullable String nextToken) {}

  public DescribeVolumesAnswer describeVolumes(Ec2Call call, DescribeVolumes request) {
    Pages.Page<Tagged<Volume>> page =
        Listing.of(
            call,
            tables.volumes,
            (ids, after, most) -> commands.present(call.scope(), ids, after, most),
            FILTERS,
            new Listing.Asked(
                request.volumeId(), request.filter(), request.maxResults(), request.nextToken()));
    return new DescribeVolumesAnswer(
        page.items().stream().map(volume -> VolumeShape.of(volume, null)).toList(),
        page.nextToken());
  }
}
