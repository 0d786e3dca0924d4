package brume.compute.session;

import brume.compute.region.Region;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who a browser is signed in as, and what it needs to know before it shows anything.
///
/// @param principal the id of the token
/// @param label of the token
/// @param expiresAt when the session ends unless it is used; null where no session was asked for
record SessionView(
    AccountName account,
    String principal,
    String label,
    @Nullable String userId,
    @Nullable String userName,
    String role,
    boolean cloudOperator,
    List<String> scopes,
    List<Region> regions,
    @Nullable Instant expiresAt) {
  /// The account, as far as a page's head shows it.
  record AccountName(String id, String name, @Nullable Instant suspendedAt) {}
}
