package brume.compute.volume;

import brume.compute.resource.Resource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A volume: `available` while it hangs on nothing, `in-use` on an instance.
///
/// @param modification what it was before its last change; null where there was none
/// @param imageSource what an instance could boot from it; null for nothing
public record Volume(
    String id,
    String accountId,
    String region,
    String zone,
    int sizeGib,
    String type,
    @Nullable Integer iops,
    @Nullable Integer throughput,
    boolean encrypted,
    @Nullable String snapshotId,
    @Nullable String imageSource,
    @Nullable String instanceId,
    @Nullable String device,
    @Nullable Instant attachedAt,
    boolean deleteOnTermination,
    Instant createdAt,
    boolean autoEnableIo,
    @Nullable Former modification)
    implements Resource {

  /// Size and speed until a change.
  public record Former(
      Instant at, int sizeGib, String type, @Nullable Integer iops, @Nullable Integer throughput) {}

  public String state() {
    return instanceId == null ? "available" : "in-use";
  }

  public Volume attached(
      @Nullable String instance, @Nullable String name, @Nullable Instant at, boolean delete) {
    return new Volume(
        id,
        accountId,
        region,
        zone,
        sizeGib,
        type,
        iops,
        throughput,
        encrypted,
        snapshotId,
        imageSource,
        instance,
        name,
        at,
        delete,
        createdAt,
        autoEnableIo,
        modification);
  }

  public Volume sized(VolumeShape shape, Instant at) {
    return new Volume(
        id,
        accountId,
        region,
        zone,
        shape.sizeGib(),
        shape.type(),
        shape.iops(),
        shape.throughput(),
        encrypted,
        snapshotId,
        imageSource,
        instanceId,
        device,
        attachedAt,
        deleteOnTermination,
        createdAt,
        autoEnableIo,
        new Former(at, sizeGib, type, iops, throughput));
  }

  public Volume withAutoEnableIo(boolean enable) {
    return new Volume(
        id,
        accountId,
        region,
        zone,
        sizeGib,
        type,
        iops,
        throughput,
        encrypted,
        snapshotId,
        imageSource,
        instanceId,
        device,
        attachedAt,
        deleteOnTermination,
        createdAt,
        enable,
        modification);
  }
}
