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
import brume.compute.launch.InstanceActs;
import brume.compute.resource.Tagged;
import brume.compute.volume.Snapshot;
import brume.compute.volume.Volume;
import brume.compute.volume.VolumeCommands;
import brume.compute.volume.VolumeTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateSnapshot, CreateSnapshots, DeleteSnapshot, DescribeSnapshots.
@Component
class SnapshotActions implements Ec2Actions {
  private static final Filters<Tagged<Snapshot>> FILTERS =
      new Filters<Tagged<Snapshot>>()
          .on("snapshot-id", snapshot -> snapshot.row().id())
          .on("volume-id", snapshot -> snapshot.row().volumeId())
          .on("volume-size", snapshot -> snapshot.row().sizeGib())
          .on("description", snapshot -> snapshot.row().description())
          .on("encrypted", snapshot -> snapshot.row().encrypted())
          .on("owner-id", snapshot -> snapshot.row().accountId())
          .on("start-time", snapshot -> snapshot.row().createdAt())
          .on("status", snapshot -> "completed")
          .on("progress", snapshot -> "100%")
          .on("storage-tier", snapshot -> "standard")
          .on("transfer-type", snapshot -> "standard")
          .never("owner-alias")
          .onTags(Tagged::tags);

  private final VolumeTables tables;
  private final VolumeCommands commands;
  private final InstanceActs instances;

  SnapshotActions(VolumeTables tables, VolumeCommands commands, InstanceActs instances) {
    this.tables = tables;
    this.commands = commands;
    this.instances = instances;
  }

  record SnapshotShape(
      String snapshotId,
      String volumeId,
      String status,
      Instant startTime,
      String progress,
      String ownerId,
      int volumeSize,
      String description,
      boolean encrypted,
      String storageTier,
      List<Tag> tagSet) {
    static SnapshotShape of(Tagged<Snapshot> tagged) {
      Snapshot snapshot = tagged.row();
      return new SnapshotShape(
          snapshot.id(),
          snapshot.volumeId(),
          "completed",
          snapshot.createdAt(),
          "100%",
          snapshot.accountId(),
          snapshot.sizeGib(),
          snapshot.description(),
          snapshot.encrypted(),
          "standard",
          Tag.of(tagged.tags()));
    }

    /// As the answer to its making shows it.
    SnapshotShape pending() {
      return new SnapshotShape(
          snapshotId,
          volumeId,
          "pending",
          startTime,
          "",
          ownerId,
          volumeSize,
          description,
          encrypted,
          storageTier,
          tagSet);
    }
  }

  @NotHere({"OutpostArn", "Location"})
  record CreateSnapshot(
      @Required String volumeId,
      @Nullable String description,
      List<TagSpecification> tagSpecification) {}

  public SnapshotShape createSnapshot(Ec2Call call, CreateSnapshot request) {
    return SnapshotShape.of(
            commands.snapshot(
                call.scope(),
                request.volumeId(),
                request.description(),
                TagSpecification.of("snapshot", request.tagSpecification())))
        .pending();
  }

  record InstanceSpecification(
      @Nullable String instanceId,
      @Nullable Boolean excludeBootVolume,
      List<String> excludeDataVolumeId) {}

  @NotHere({"OutpostArn", "Location"})
  record CreateSnapshots(
      @Nullable InstanceSpecification instanceSpecification,
      @Nullable String description,
      @Nullable String copyTagsFromSource,
      List<TagSpecification> tagSpecification) {}

  record SnapshotMadeShape(
      String snapshotId,
      String volumeId,
      String state,
      int volumeSize,
      Instant startTime,
      String progress,
      String ownerId,
      String description,
      boolean encrypted,
      List<Tag> tagSet) {}

  record CreateSnapshotsAnswer(List<SnapshotMadeShape> snapshotSet) {}

  /// One of each volume of an instance.
  public CreateSnapshotsAnswer createSnapshots(Ec2Call call, CreateSnapshots request) {
    InstanceSpecification of = request.instanceSpecification();
    if (of == null || of.instanceId() == null) {
      throw Ec2Fault.missing("InstanceSpecification.InstanceId");
    }
    instances.lock(call.scope(), of.instanceId());
    Map<String, String> tags = TagSpecification.of("snapshot", request.tagSpecification());
    List<SnapshotMadeShape> made = new ArrayList<>();
    for (Tagged<Volume> volume :
        tables.volumes.tagged(
            call.scope(), tables.volumes.where(call.scope(), "instance_id = ?", of.instanceId()))) {
      boolean boot = volume.row().imageSource() != null;
      if ((boot && Boolean.TRUE.equals(of.excludeBootVolume()))
          || of.excludeDataVolumeId().contains(volume.row().id())) {
        continue;
      }
      Map<String, String> all = new TreeMap<>();
      if ("volume".equals(request.copyTagsFromSource())) {
        all.putAll(volume.tags());
      }
      all.putAll(tags);
      SnapshotShape shape =
          SnapshotShape.of(
                  commands.snapshot(call.scope(), volume.row().id(), request.description(), all))
              .pending();
      made.add(
          new SnapshotMadeShape(
              shape.snapshotId(),
              shape.volumeId(),
              shape.status(),
              shape.volumeSize(),
              shape.startTime(),
              shape.progress(),
              shape.ownerId(),
              shape.description(),
              shape.encrypted(),
              shape.tagSet()));
    }
    return new CreateSnapshotsAnswer(made);
  }

  record DeleteSnapshot(@Required String snapshotId) {}

  public Done deleteSnapshot(Ec2Call call, DeleteSnapshot request) {
    commands.deleteSnapshot(call.scope(), request.snapshotId());
    return Done.TRUE;
  }

  record DescribeSnapshots(
      List<String> snapshotId,
      List<String> owner,
      List<String> restorableBy,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeSnapshotsAnswer(List<SnapshotShape> snapshotSet, @Nullable String nextToken) {}

  /// The account's own, and what others share with it.
  public DescribeSnapshotsAnswer describeSnapshots(Ec2Call call, DescribeSnapshots request) {
    List<Snapshot> all = new ArrayList<>(tables.snapshots.all(call.scope()));
    all.addAll(tables.snapshots.allShared(call.scope(), "shared_with"));
    List<Snapshot> owned =
        all.stream()
            .filter(snapshot ->
                request.owner().isEmpty()
                    || request.owner().contains(snapshot.accountId())
                    || (request.owner().contains("self")
                        && snapshot.accountId().equals(call.accountId())))
            .filter(snapshot -> restorable(call, snapshot, request.restorableBy()))
            .sorted(Comparator.comparing(Snapshot::id))
            .toList();
    Pages.Page<Tagged<Snapshot>> page =
        Listing.of(
            call,
            tables.snapshots,
            tables.snapshots.tagged(call.scope(), owned),
            FILTERS,
            new Listing.Asked(
                request.snapshotId(), request.filter(), request.maxResults(), request.nextToken()));
    return new DescribeSnapshotsAnswer(
        page.items().stream().map(SnapshotShape::of).toList(), page.nextToken());
  }

  private static boolean restorable(Ec2Call call, Snapshot snapshot, List<String> by) {
    return by.isEmpty()
        || by.stream()
            .map(whom -> whom.equals("self") ? call.accountId() : whom)
            .anyMatch(
                whom -> snapshot.sharedWith().contains(whom) || snapshot.accountId().equals(whom));
  }
}
