package brume.compute.access;

import org.jspecify.annotations.Nullable;

/// Who asks, and with what marks on the request.
///
/// @param bearer the secret itself, for what is derived from it; never stored, never logged
/// @param idempotencyKey chosen by the client; null when it gave none
public record Caller(
    Principal principal, String requestId, @Nullable String idempotencyKey, String bearer) {
  public String accountId() {
    return principal.accountId();
  }

  @Override
  public String toString() {
    return "Caller[" + principal + ", " + requestId + "]";
  }
}
