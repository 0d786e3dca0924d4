package brume.compute.volume;

import brume.compute.resource.Resource;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a volume was at a moment.
///
/// @param sharedWith accounts that may make volumes of it; `all` for everyone
public record Snapshot(
    String id,
    String accountId,
    String region,
    String volumeId,
    int sizeGib,
    String description,
    boolean encrypted,
    @Nullable String imageSource,
    List<String> sharedWith,
    Instant createdAt)
    implements Resource {
  public Snapshot {
    sharedWith = List.copyOf(sharedWith);
  }

  public Snapshot shared(List<String> with) {
    return new Snapshot(
        id,
        accountId,
        region,
        volumeId,
        sizeGib,
        description,
        encrypted,
        imageSource,
        with,
        createdAt);
  }
}
