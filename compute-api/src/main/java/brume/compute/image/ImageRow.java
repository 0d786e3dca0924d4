package brume.compute.image;

import brume.compute.volume.BlockDevice;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image with all that is kept of it.
///
/// @param accountId null for the cloud's own
/// @param region null for every region
/// @param sharedWith accounts that may launch it
public record ImageRow(
    String id,
    @Nullable String accountId,
    String name,
    String description,
    String architecture,
    String source,
    int memoryMibMin,
    Instant createdAt,
    @Nullable String region,
    boolean isPublic,
    List<String> sharedWith,
    String rootDevice,
    List<BlockDevice> devices,
    @Nullable Instant deregisteredAt) {
  public ImageRow {
    sharedWith = List.copyOf(sharedWith);
    devices = List.copyOf(devices);
  }

  public ImageRow shared(boolean everyone, List<String> with) {
    return new ImageRow(
        id,
        accountId,
        name,
        description,
        architecture,
        source,
        memoryMibMin,
        createdAt,
        region,
        everyone,
        with,
        rootDevice,
        devices,
        deregisteredAt);
  }

  public ImageRow described(String text) {
    return new ImageRow(
        id,
        accountId,
        name,
        text,
        architecture,
        source,
        memoryMibMin,
        createdAt,
        region,
        isPublic,
        sharedWith,
        rootDevice,
        devices,
        deregisteredAt);
  }

  public ImageRow deregistered(Instant at) {
    return new ImageRow(
        id,
        accountId,
        name,
        description,
        architecture,
        source,
        memoryMibMin,
        createdAt,
        region,
        isPublic,
        sharedWith,
        rootDevice,
        devices,
        at);
  }
}
