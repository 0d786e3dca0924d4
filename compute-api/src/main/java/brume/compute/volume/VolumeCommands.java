package brume.compute.volume;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.EndedInstances;
import brume.compute.resource.ResourceKind;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes, attaches, changes and deletes volumes and snapshots.
@Component
public class VolumeCommands {
  public static final int SNAPSHOTS_MAX = 10_000;

  /// What EC2 calls the volume of a snapshot that is a copy.
  private static final String NO_VOLUME = "vol-ffffffff";

  /// A volume as it is asked for.
  ///
  /// @param sizeGib null for the snapshot's
  /// @param ofImage whether an image brings the snapshot: whoever may launch it may use that
  public record Wanted(
      String zone,
      @Nullable Integer sizeGib,
      @Nullable String type,
      @Nullable Integer iops,
      @Nullable Integer throughput,
      boolean encrypted,
      @Nullable String snapshotId,
      boolean ofImage) {}

  /// Where a volume hangs.
  public record Place(String instanceId, String device, boolean deleteOnTermination, Instant at) {}

  private final VolumeTables tables;
  private final AccountStore accounts;
  private final JdbcClient database;
  private final EndedInstances.Hanging<Volume> hanging;
  private final IdGenerator ids;
  private final Clock clock;

  VolumeCommands(
      VolumeTables tables,
      AccountStore accounts,
      JdbcClient database,
      IdGenerator ids,
      Clock clock) {
    this.tables = tables;
    this.accounts = accounts;
    this.database = database;
    this.hanging =
        new EndedInstances.Hanging<>(
            tables.volumes,
            Volume::instanceId,
            Volume::deleteOnTermination,
            volume -> volume.attached(null, null, null, false));
    this.ids = ids;
    this.clock = clock;
  }

  @Transactional
  public Tagged<Volume> create(Scope scope, Wanted wanted, Map<String, String> tags) {
    requireRoom(scope, 1);
    return tables.volumes.insert(volume(scope, wanted, null, null), tags);
  }

  /// Refuses more volumes than the account may hold, in all regions.
  @Transactional
  public void requireRoom(Scope scope, int more) {
    int most = accounts.lock(scope.accountId()).volumesMax();
    if (held(scope) + more > most) {
      releaseEnded(scope);
      if (held(scope) + more > most) {
        throw Refused.conflict(
            "volume_limit_exceeded", "Maximum number of volumes '" + most + "' exceeded.");
      }
    }
  }

  private long held(Scope scope) {
    return database
        .sql("SELECT volumes FROM compute.account_use WHERE account_id = ?")
        .param(scope.accountId())
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  /// A volume that a launch makes and hangs on its instance.
  ///
  /// @param imageSource what an instance could boot from it; null for what its snapshot says
  public record Hung(
      Wanted wanted, @Nullable String imageSource, Place place, Map<String, String> tags) {}

  /// All those of launches that come at once.
  @Transactional
  public void createAll(Scope scope, List<Hung> all) {
    tables.volumes.insertAll(
        scope,
        all.stream()
            .map(one ->
                new Tagged<>(
                    volume(scope, one.wanted(), one.imageSource(), one.place()), one.tags()))
            .toList());
  }

  private Volume volume(
      Scope scope, Wanted wanted, @Nullable String imageSource, @Nullable Place place) {
    boolean known = wanted.ofImage() && wanted.sizeGib() != null;
    Snapshot snapshot =
        wanted.snapshotId() == null || known ? null : snapshot(scope, wanted.snapshotId());
    Integer size = wanted.sizeGib();
    if (size == null && snapshot == null) {
      throw Refused.invalid(
          "missing_field", "Size", "The request must contain the parameter size/snapshot");
    }
    int gib = size == null ? snapshot == null ? 0 : snapshot.sizeGib() : size;
    if (snapshot != null && gib < snapshot.sizeGib()) {
      throw Refused.invalid(
          "Size",
          "Volume of size "
              + gib
              + "GB is smaller than snapshot '"
              + snapshot.id()
              + "', expect size >= "
              + snapshot.sizeGib()
              + "GB");
    }
    VolumeShape shape = VolumeShape.of(gib, wanted.type(), wanted.iops(), wanted.throughput());
    return new Volume(
        ids.next("vol-"),
        scope.accountId(),
        scope.region(),
        wanted.zone(),
        shape.sizeGib(),
        shape.type(),
        shape.iops(),
        shape.throughput(),
        wanted.encrypted() || (snapshot != null && snapshot.encrypted()),
        wanted.snapshotId(),
        imageSource != null ? imageSource : snapshot == null ? null : snapshot.imageSource(),
        place == null ? null : place.instanceId(),
        place == null ? null : place.device(),
        place == null ? null : place.at(),
        place != null && place.deleteOnTermination(),
        clock.instant(),
        false,
        null);
  }

  /// The account's own, or one that is shared with it.
  public Snapshot snapshot(Scope scope, String id) {
    ResourceKind.SNAPSHOT.checked(id);
    return tables
        .snapshots
        .find(scope, id)
        .or(() -> tables.snapshots.shared(scope, id, "shared_with"))
        .orElseThrow(() -> ResourceKind.SNAPSHOT.unknown(id));
  }

  @Transactional
  public Volume attach(Scope scope, String id, Place place, String instanceZone) {
    accounts.lock(scope.accountId());
    releaseEnded(scope);
    Volume volume = tables.volumes.require(scope, id);
    if (volume.instanceId() != null) {
      throw Refused.conflict("volume_in_use", id + " is already attached to an instance");
    }
    if (!volume.zone().equals(instanceZone)) {
      throw Refused.invalid(
          "volume_zone_mismatch",
          "VolumeId",
          "The volume '"
              + id
              + "' is not in the same availability zone as instance '"
              + place.instanceId()
              + "'");
    }
    if (!place.device().matches("(/dev/)?[a-z]{1,5}[0-9a-z]{0,6}")) {
      throw Refused.invalid(
          "Device",
          "Value ("
              + Fields.shown(place.device())
              + ") for parameter device is invalid. It is not a valid EBS device name.");
    }
    if (!tables
        .volumes
        .where(scope, "instance_id = ? AND device = ?", place.instanceId(), place.device())
        .isEmpty()) {
      throw Refused.invalid(
          "Device",
          "Invalid value '"
              + place.device()
              + "' for unixDevice. Attachment point "
              + place.device()
              + " is already in use");
    }
    Volume attached =
        volume.attached(
            place.instanceId(), place.device(), place.at(), place.deleteOnTermination());
    tables.volumes.update(attached);
    return attached;
  }

  /// @param instanceId null for wherever it hangs
  /// @return as it was
  @Transactional
  public Volume detach(
      Scope scope, String id, @Nullable String instanceId, @Nullable String device) {
    accounts.lock(scope.accountId());
    Volume volume = tables.volumes.require(scope, id);
    boolean elsewhere =
        (instanceId != null && !instanceId.equals(volume.instanceId()))
            || (device != null && !device.equals(volume.device()));
    if (volume.instanceId() == null || elsewhere) {
      throw volume.instanceId() == null
          ? Refused.conflict(
              "volume_not_attached", "Volume '" + id + "' is in the 'available' state.")
          : Refused.notFound(
              "volume_attachment_not_found",
              "VolumeId",
              "The volume '"
                  + id
                  + "' is not attached to instance '"
                  + Fields.shown(String.valueOf(instanceId))
                  + "' as that device");
    }
    tables.volumes.update(volume.attached(null, null, null, false));
    return volume;
  }

  @Transactional
  public void keep(Scope scope, Volume volume, boolean deleteOnTermination) {
    tables.volumes.update(
        volume.attached(
            volume.instanceId(), volume.device(), volume.attachedAt(), deleteOnTermination));
  }

  @Transactional
  public void autoEnableIo(Scope scope, String id, boolean enable) {
    accounts.lock(scope.accountId());
    tables.volumes.update(tables.volumes.require(scope, id).withAutoEnableIo(enable));
  }

  @Transactional
  public Volume modify(
      Scope scope,
      String id,
      @Nullable Integer size,
      @Nullable String type,
      @Nullable Integer iops,
      @Nullable Integer throughput) {
    accounts.lock(scope.accountId());
    Volume volume = tables.volumes.require(scope, id);
    int gib = size == null ? volume.sizeGib() : size;
    if (gib < volume.sizeGib()) {
      throw Refused.invalid("Size", "New size cannot be smaller than existing size");
    }
    String kind = type == null ? volume.type() : type;
    boolean same = kind.equals(volume.type());
    VolumeShape shape =
        VolumeShape.of(
            gib,
            kind,
            iops != null || !same || kind.equals("gp2") ? iops : volume.iops(),
            throughput != null || !same ? throughput : volume.throughput());
    Volume changed = volume.sized(shape, clock.instant());
    tables.volumes.update(changed);
    return changed;
  }

  @Transactional
  public void delete(Scope scope, String id) {
    accounts.lock(scope.accountId());
    releaseEnded(scope);
    // One that went with its instance a moment ago is gone now.
    Volume volume = tables.volumes.require(scope, id);
    if (volume.instanceId() != null) {
      throw Refused.conflict(
          "volume_in_use", "Volume " + id + " is currently attached to " + volume.instanceId());
    }
    tables.volumes.delete(volume);
  }

  @Transactional
  public Tagged<Snapshot> snapshot(
      Scope scope, String volumeId, @Nullable String description, Map<String, String> tags) {
    accounts.lock(scope.accountId());
    Volume volume = tables.volumes.require(scope, volumeId);
    return insert(
        scope,
        new Snapshot(
            ids.next("snap-"),
            scope.accountId(),
            scope.region(),
            volumeId,
            volume.sizeGib(),
            Fields.text("Description", description == null ? "" : description, 0, 255),
            volume.encrypted(),
            volume.imageSource(),
            List.of(),
            clock.instant()),
        tags);
  }

  /// One of this account's in this region, of one that may be elsewhere.
  @Transactional
  public Tagged<Snapshot> copy(
      Scope scope,
      Snapshot source,
      @Nullable String description,
      boolean encrypted,
      Map<String, String> tags) {
    accounts.lock(scope.accountId());
    return insert(
        scope,
        new Snapshot(
            ids.next("snap-"),
            scope.accountId(),
            scope.region(),
            NO_VOLUME,
            source.sizeGib(),
            Fields.text("Description", description == null ? "" : description, 0, 255),
            encrypted || source.encrypted(),
            source.imageSource(),
            List.of(),
            clock.instant()),
        tags);
  }

  private Tagged<Snapshot> insert(Scope scope, Snapshot snapshot, Map<String, String> tags) {
    if (tables.snapshots.count(scope) >= SNAPSHOTS_MAX) {
      throw Refused.conflict(
          "snapshot_limit_exceeded",
          "Maximum number of snapshots '" + SNAPSHOTS_MAX + "' exceeded.");
    }
    return tables.snapshots.insert(snapshot, tags);
  }

  @Transactional
  public void share(Scope scope, String snapshotId, List<String> with) {
    accounts.lock(scope.accountId());
    tables.snapshots.update(tables.snapshots.require(scope, snapshotId).shared(with));
  }

  @Transactional
  public void deleteSnapshot(Scope scope, String id) {
    accounts.lock(scope.accountId());
    Snapshot snapshot = tables.snapshots.require(scope, id);
    List<String> images = imagesOf(scope, id);
    if (!images.isEmpty()) {
      throw Refused.conflict(
          "snapshot_in_use", "The snapshot " + id + " is currently in use by " + images.getFirst());
    }
    tables.snapshots.delete(snapshot);
  }

  private List<String> imagesOf(Scope scope, String snapshotId) {
    return database
        .sql(
            "SELECT id FROM compute.image WHERE account_id = ? AND deregistered_at IS NULL AND"
                + " devices @> jsonb_build_array(jsonb_build_object('snapshotId', ?::text))")
        .params(scope.accountId(), snapshotId)
        .query((row, number) -> row.getString(1))
        .list();
  }

  /// Deletes a snapshot of the account's own that no image needs.
  @Transactional
  public void deleteUnused(Scope scope, String id) {
    accounts.lock(scope.accountId());
    if (imagesOf(scope, id).isEmpty()) {
      tables.snapshots.find(scope, id).ifPresent(tables.snapshots::delete);
    }
  }

  /// All but those that went with an instance that ended a moment ago; others are free since.
  public List<Volume> present(Scope scope, List<String> ids, @Nullable String after, int most) {
    return hanging.present(database, scope, ids, after, most);
  }

  /// Takes back what hangs on instances that have ended: with them, or from them.
  @Transactional
  public void releaseEnded(Scope scope) {
    accounts.lock(scope.accountId());
    List<Volume> held =
        tables.volumes.where(
            scope, "EXISTS (SELECT FROM compute.ended_instance e WHERE e.id = instance_id)");
    for (Volume volume : held) {
      if (volume.deleteOnTermination()) {
        tables.volumes.delete(volume);
      } else {
        tables.volumes.update(volume.attached(null, null, null, false));
      }
    }
  }
}
