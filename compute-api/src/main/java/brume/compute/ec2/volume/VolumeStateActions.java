package brume.compute.ec2.volume;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.Value;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.resource.Tagged;
import brume.compute.volume.Volume;
import brume.compute.volume.VolumeCommands;
import brume.compute.volume.VolumeTables;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeVolumeStatus, DescribeVolumeAttribute, ModifyVolumeAttribute, ModifyVolume,
/// DescribeVolumesModifications.
@Component
class VolumeStateActions implements Ec2Actions {
  private static final Filters<Tagged<Volume>> STATUS_FILTERS =
      new Filters<Tagged<Volume>>()
          .on("availability-zone", volume -> volume.row().zone())
          .on("volume-status.status", volume -> "ok")
          .onAny(
              "volume-status.details-name",
              volume -> DetailShape.WELL.stream().map(DetailShape::name))
          .onAny(
              "volume-status.details-status",
              volume -> DetailShape.WELL.stream().map(DetailShape::status))
          .never(
              "action.code",
              "action.description",
              "action.event-id",
              "action.event-type",
              "event.description",
              "event.event-id",
              "event.event-type",
              "event.not-after",
              "event.not-before");

  private static final Filters<Tagged<Volume>> MODIFICATION_FILTERS =
      new Filters<Tagged<Volume>>()
          .on("volume-id", volume -> volume.row().id())
          .on("modification-state", volume -> "completed")
          .on("start-time", volume -> before(volume.row()).at())
          .on("original-size", volume -> before(volume.row()).sizeGib())
          .on("original-iops", volume -> before(volume.row()).iops())
          .on("original-volume-type", volume -> before(volume.row()).type())
          .on("target-size", volume -> volume.row().sizeGib())
          .on("target-iops", volume -> volume.row().iops())
          .on("target-volume-type", volume -> volume.row().type())
          .on("originalMultiAttachEnabled", volume -> false)
          .on("targetMultiAttachEnabled", volume -> false);

  private final VolumeTables tables;
  private final VolumeCommands commands;

  VolumeStateActions(VolumeTables tables, VolumeCommands commands) {
    this.tables = tables;
    this.commands = commands;
  }

  @NotHere("IncludeManagedResources")
  record DescribeVolumeStatus(
      List<String> volumeId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DetailShape(String name, String status) {
    static final List<DetailShape> WELL =
        List.of(
            new DetailShape("io-enabled", "passed"),
            new DetailShape("io-performance", "not-applicable"));
  }

  record HealthShape(String status, List<DetailShape> details) {}

  record StatusShape(
      String volumeId,
      String availabilityZone,
      HealthShape volumeStatus,
      List<String> eventsSet,
      List<String> actionsSet) {}

  record DescribeVolumeStatusAnswer(
      List<StatusShape> volumeStatusSet, @Nullable String nextToken) {}

  /// Nothing stands behind a volume that could be ill.
  public DescribeVolumeStatusAnswer describeVolumeStatus(
      Ec2Call call, DescribeVolumeStatus request) {
    Pages.Page<Tagged<Volume>> page =
        Listing.of(
            call,
            tables.volumes,
            STATUS_FILTERS,
            new Listing.Asked(
                request.volumeId(), request.filter(), request.maxResults(), request.nextToken()));
    return new DescribeVolumeStatusAnswer(
        page.items().stream()
            .map(volume ->
                new StatusShape(
                    volume.row().id(),
                    volume.row().zone(),
                    new HealthShape("ok", DetailShape.WELL),
                    List.of(),
                    List.of()))
            .toList(),
        page.nextToken());
  }

  record DescribeVolumeAttribute(@Required String volumeId, @Required String attribute) {}

  record VolumeAttributeAnswer(
      String volumeId,
      Value.@Nullable OfBoolean autoEnableIO,
      @Nullable List<String> productCodes) {}

  public VolumeAttributeAnswer describeVolumeAttribute(
      Ec2Call call, DescribeVolumeAttribute request) {
    Volume volume = tables.volumes.require(call.scope(), request.volumeId());
    return switch (request.attribute()) {
      case "autoEnableIO" ->
          new VolumeAttributeAnswer(volume.id(), new Value.OfBoolean(volume.autoEnableIo()), null);
      case "productCodes" -> new VolumeAttributeAnswer(volume.id(), null, List.of());
      default ->
          throw Ec2Fault.value(
              "attribute", request.attribute(), "It must be autoEnableIO or productCodes.");
    };
  }

  record ModifyVolumeAttribute(@Required String volumeId, Value.@Nullable OfBoolean autoEnableIO) {}

  public Done modifyVolumeAttribute(Ec2Call call, ModifyVolumeAttribute request) {
    if (request.autoEnableIO() == null || request.autoEnableIO().value() == null) {
      throw Ec2Fault.missing("AutoEnableIO");
    }
    commands.autoEnableIo(call.scope(), request.volumeId(), request.autoEnableIO().value());
    return Done.TRUE;
  }

  record ModifyVolume(
      @Required String volumeId,
      @Nullable Integer size,
      @Nullable String volumeType,
      @Nullable Integer iops,
      @Nullable Integer throughput,
      @Nullable Boolean multiAttachEnabled) {}

  record ModificationShape(
      String volumeId,
      String modificationState,
      int targetSize,
      @Nullable Integer targetIops,
      String targetVolumeType,
      @Nullable Integer targetThroughput,
      boolean targetMultiAttachEnabled,
      int originalSize,
      @Nullable Integer originalIops,
      String originalVolumeType,
      @Nullable Integer originalThroughput,
      boolean originalMultiAttachEnabled,
      long progress,
      Instant startTime,
      @Nullable Instant endTime) {
    static ModificationShape of(Volume volume, boolean isDone) {
      Volume.Former before = before(volume);
      return new ModificationShape(
          volume.id(),
          isDone ? "completed" : "modifying",
          volume.sizeGib(),
          volume.iops(),
          volume.type(),
          volume.throughput(),
          false,
          before.sizeGib(),
          before.iops(),
          before.type(),
          before.throughput(),
          false,
          isDone ? 100 : 0,
          before.at(),
          isDone ? before.at() : null);
    }
  }

  private static Volume.Former before(Volume volume) {
    Volume.Former former = volume.modification();
    if (former == null) {
      throw new IllegalStateException(volume.id() + " was never modified");
    }
    return former;
  }

  record ModifyVolumeAnswer(ModificationShape volumeModification) {}

  public ModifyVolumeAnswer modifyVolume(Ec2Call call, ModifyVolume request) {
    if (Boolean.TRUE.equals(request.multiAttachEnabled())) {
      throw Ec2Fault.unsupported("There are no volumes for several instances.");
    }
    tables.volumes.require(call.scope(), request.volumeId());
    if (request.size() == null
        && request.volumeType() == null
        && request.iops() == null
        && request.throughput() == null) {
      throw Ec2Fault.combination(
          "The request must contain the parameter size, volumeType, iops or throughput");
    }
    Volume changed =
        commands.modify(
            call.scope(),
            request.volumeId(),
            request.size(),
            request.volumeType(),
            request.iops(),
            request.throughput());
    return new ModifyVolumeAnswer(ModificationShape.of(changed, false));
  }

  record DescribeVolumesModifications(
      List<String> volumeId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeVolumesModificationsAnswer(
      List<ModificationShape> volumeModificationSet, @Nullable String nextToken) {}

  public DescribeVolumesModificationsAnswer describeVolumesModifications(
      Ec2Call call, DescribeVolumesModifications request) {
    for (String id : request.volumeId()) {
      if (tables.volumes.require(call.scope(), id).modification() == null) {
        throw new Ec2Fault(
            "InvalidVolumeModification.NotFound",
            "Modification for volume '" + id + "' does not exist.");
      }
    }
    Pages.Page<Tagged<Volume>> page =
        Listing.of(
            call,
            tables.volumes,
            tables.volumes.tagged(
                call.scope(), tables.volumes.where(call.scope(), "modification IS NOT NULL")),
            MODIFICATION_FILTERS,
            new Listing.Asked(
                request.volumeId(), request.filter(), request.maxResults(), request.nextToken()));
    return new DescribeVolumesModificationsAnswer(
        page.items().stream().map(volume -> ModificationShape.of(volume.row(), true)).toList(),
        page.nextToken());
  }
}
