package brume.compute.ec2.volume;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.WireName;
import brume.compute.region.Regions;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.compute.volume.Snapshot;
import brume.compute.volume.VolumeCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeSnapshotAttribute, ModifySnapshotAttribute, ResetSnapshotAttribute, CopySnapshot: who
/// may make volumes of a snapshot, and one of one's own of what is elsewhere.
@Component
class SnapshotAttributeActions implements Ec2Actions {
  private static final String PERMISSION = "createVolumePermission";
  private static final String EVERYONE = "all";

  private final VolumeCommands commands;
  private final Regions regions;

  SnapshotAttributeActions(VolumeCommands commands, Regions regions) {
    this.commands = commands;
    this.regions = regions;
  }

  record PermissionShape(@Nullable String userId, @Nullable String group) {
    static PermissionShape of(String whom) {
      return whom.equals(EVERYONE)
          ? new PermissionShape(null, EVERYONE)
          : new PermissionShape(whom, null);
    }

    /// An account's id, or `all`.
    String whom() {
      if (group != null && !group.equals(EVERYONE)) {
        throw Ec2Fault.value("group", group, "It must be all.");
      }
      if (group != null) {
        return EVERYONE;
      }
      if (userId == null || !userId.matches("[0-9]{12}")) {
        throw new Ec2Fault(
            "InvalidUserID.Malformed",
            "Invalid user id: \"" + Text.shown(String.valueOf(userId)) + "\"");
      }
      return userId;
    }
  }

  record DescribeSnapshotAttribute(@Required String snapshotId, @Required String attribute) {}

  record SnapshotAttributeAnswer(
      String snapshotId,
      @Nullable List<PermissionShape> createVolumePermission,
      @Nullable List<String> productCodes) {}

  public SnapshotAttributeAnswer describeSnapshotAttribute(
      Ec2Call call, DescribeSnapshotAttribute request) {
    Snapshot snapshot = own(call, request.snapshotId());
    return switch (request.attribute()) {
      case PERMISSION ->
          new SnapshotAttributeAnswer(
              snapshot.id(),
              snapshot.sharedWith().stream().map(PermissionShape::of).toList(),
              null);
      case "productCodes" -> new SnapshotAttributeAnswer(snapshot.id(), null, List.of());
      default -> throw unknown(request.attribute());
    };
  }

  private static Ec2Fault unknown(String attribute) {
    return Ec2Fault.value("attribute", attribute, "It must be createVolumePermission.");
  }

  private Snapshot own(Ec2Call call, String id) {
    Snapshot snapshot = commands.snapshot(call.scope(), id);
    if (!snapshot.accountId().equals(call.accountId())) {
      throw new Ec2Fault(
          "AuthFailure", "Not authorized for snapshot " + id + ": it is another account's");
    }
    return snapshot;
  }

  record ChangesShape(List<PermissionShape> add, List<PermissionShape> remove) {}

  record ModifySnapshotAttribute(
      @Required String snapshotId,
      @Nullable String attribute,
      @Nullable String operationType,
      List<String> userId,
      @WireName("UserGroup") List<String> userGroups,
      @Nullable ChangesShape createVolumePermission) {}

  public Done modifySnapshotAttribute(Ec2Call call, ModifySnapshotAttribute request) {
    Snapshot snapshot = own(call, request.snapshotId());
    if (request.attribute() != null && !request.attribute().equals(PERMISSION)) {
      throw unknown(request.attribute());
    }
    List<PermissionShape> add = new ArrayList<>();
    List<PermissionShape> remove = new ArrayList<>();
    ChangesShape changes = request.createVolumePermission();
    if (changes != null) {
      add.addAll(changes.add());
      remove.addAll(changes.remove());
    }
    List<PermissionShape> older = new ArrayList<>();
    request.userId().forEach(id -> older.add(new PermissionShape(id, null)));
    request.userGroups().forEach(group -> older.add(new PermissionShape(null, group)));
    ("remove".equals(request.operationType()) ? remove : add).addAll(older);
    if (add.isEmpty() && remove.isEmpty()) {
      throw Ec2Fault.combination("No attributes specified.");
    }
    if (!add.isEmpty()
        && snapshot.encrypted()
        && add.stream().anyMatch(one -> one.group() != null)) {
      throw Ec2Fault.unsupported("Encrypted snapshots cannot be shared with everyone.");
    }
    TreeSet<String> shared = new TreeSet<>(snapshot.sharedWith());
    add.forEach(one -> shared.add(one.whom()));
    remove.forEach(one -> shared.remove(one.whom()));
    commands.share(call.scope(), snapshot.id(), List.copyOf(shared));
    return Done.TRUE;
  }

  record ResetSnapshotAttribute(@Required String snapshotId, @Required String attribute) {}

  public Done resetSnapshotAttribute(Ec2Call call, ResetSnapshotAttribute request) {
    Snapshot snapshot = own(call, request.snapshotId());
    if (!request.attribute().equals(PERMISSION)) {
      throw unknown(request.attribute());
    }
    commands.share(call.scope(), snapshot.id(), List.of());
    return Done.TRUE;
  }

  @NotHere({"DestinationOutpostArn", "DestinationAvailabilityZone", "KmsKeyId"})
  record CopySnapshot(
      @Required String sourceRegion,
      @Required String sourceSnapshotId,
      @Nullable String destinationRegion,
      @Nullable String presignedUrl,
      @Nullable String description,
      @Nullable Boolean encrypted,
      @Nullable Integer completionDurationMinutes,
      List<TagSpecification> tagSpecification) {}

  record CopySnapshotAnswer(String snapshotId, List<Tag> tagSet) {}

  public CopySnapshotAnswer copySnapshot(Ec2Call call, CopySnapshot request) {
    if (regions.find(request.sourceRegion()).isEmpty()) {
      throw Ec2Fault.value("SourceRegion", request.sourceRegion(), "There is no such region.");
    }
    Snapshot source =
        commands.snapshot(
            new Scope(call.accountId(), request.sourceRegion()), request.sourceSnapshotId());
    Tagged<Snapshot> made =
        commands.copy(
            call.scope(),
            source,
            request.description(),
            Boolean.TRUE.equals(request.encrypted()),
            TagSpecification.of("snapshot", request.tagSpecification()));
    return new CopySnapshotAnswer(made.row().id(), Tag.of(made.tags()));
  }
}
