package brume.compute.volume;

import brume.compute.resource.Resource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A volume: `available` while it hangs on nothing, `in-use` on an instance.
///
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
    Instant createdAt)
    implements Resource {

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
        createdAt);
  }

  public Volume sized(int gib, String kind, @Nullable Integer io, @Nullable Integer through) {
    return new Volume(
        id,
        accountId,
        region,
        zone,
        gib,
        kind,
        io,
        through,
        encrypted,
        snapshotId,
        imageSource,
        instanceId,
        device,
        attachedAt,
        deleteOnTermination,
        createdAt);
  }
}
