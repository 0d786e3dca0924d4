package brume.compute.image;

import brume.compute.table.Parts;
import brume.compute.volume.BlockDevice;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An image with all that is kept of it.
///
/// @param accountId null for the cloud's own
/// @param region null for every region
/// @param source null where there is nothing in it to boot
/// @param sharedWith accounts that may launch it
public record ImageRow(
    String id,
    @Nullable String accountId,
    String name,
    String description,
    String architecture,
    @Nullable String source,
    int memoryMibMin,
    Instant createdAt,
    @Nullable String region,
    boolean isPublic,
    List<String> sharedWith,
    String rootDevice,
    List<BlockDevice> devices,
    @Nullable Instant deregisteredAt,
    @Nullable String sourceInstanceId) {
  public ImageRow {
    sharedWith = List.copyOf(sharedWith);
    devices = List.copyOf(devices);
  }

  public ImageRow shared(boolean everyone, List<String> with) {
    return Parts.with(Parts.with(this, "isPublic", everyone), "sharedWith", with);
  }

  public ImageRow described(String text) {
    return Parts.with(this, "description", text);
  }

  public ImageRow deregistered(Instant at) {
    return Parts.with(this, "deregisteredAt", at);
  }
}
