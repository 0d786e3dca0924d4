package brume.compute.access;

import org.jspecify.annotations.Nullable;

/// Who asks, and with what marks on the request.
///
/// @param idempotencyKey chosen by the client; null when it gave none
/// @param bearer the token itself, for what is derived from it; never stored, never logged; null
///   where the request was signed and not accompanied by one
/// @param sessionId of the console's session that the token was kept in; null where it was sent
/// @param from the address that the request came from
public record Caller(
    Principal principal,
    String requestId,
    @Nullable String idempotencyKey,
    @Nullable String bearer,
    @Nullable String sessionId,
    String from) {
  /// The same as another principal: who asked is judged anew.
  public Caller as(Principal now) {
    return new Caller(now, requestId, idempotencyKey, bearer, sessionId, from);
  }

  public Caller withKey(@Nullable String key) {
    return new Caller(principal, requestId, key, bearer, sessionId, from);
  }

  public String accountId() {
    return principal.accountId();
  }

  @Override
  public String toString() {
    return "Caller[" + principal + ", " + requestId + "]";
  }
}
