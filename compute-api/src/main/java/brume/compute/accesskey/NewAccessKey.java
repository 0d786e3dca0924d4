package brume.compute.accesskey;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An access key with its secret, as it is shown once.
public record NewAccessKey(
    String id,
    String label,
    String role,
    List<String> scopes,
    @Nullable String userId,
    Instant createdAt,
    @Nullable Instant expiresAt,
    String secret) {
  static NewAccessKey of(AccessKeyView view, String secret) {
    return new NewAccessKey(
        view.id(),
        view.label(),
        view.role(),
        view.scopes(),
        view.userId(),
        view.createdAt(),
        view.expiresAt(),
        secret);
  }

  @Override
  public String toString() {
    return "NewAccessKey[" + id + "]";
  }
}
