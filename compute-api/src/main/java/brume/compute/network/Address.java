package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A public address that stays the account's until it is released.
///
/// @param automatic whether it came with a launch and goes with its interface; nobody sees it among
///   the account's addresses
public record Address(
    String id,
    String accountId,
    String region,
    String publicIp,
    @Nullable String associationId,
    @Nullable String networkInterfaceId,
    Instant createdAt,
    boolean automatic)
    implements Resource {
  public Address associated(@Nullable String association, @Nullable String networkInterface) {
    return new Address(
        id, accountId, region, publicIp, association, networkInterface, createdAt, automatic);
  }

  /// Null for one that nobody handles.
  public @Nullable String shownId() {
    return automatic ? null : id;
  }

  public @Nullable String shownAssociationId() {
    return automatic ? null : associationId;
  }

  /// An automatic one is the cloud's.
  public String ipOwner() {
    return automatic ? "amazon" : accountId;
  }
}
