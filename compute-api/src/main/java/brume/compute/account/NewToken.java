package brume.compute.account;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A token with its secret, as it is shown once.
public record NewToken(
    String id,
    String label,
    String role,
    boolean cloudOperator,
    List<String> scopes,
    @Nullable String userId,
    Instant createdAt,
    @Nullable Instant expiresAt,
    String token) {
  static NewToken of(TokenView view, String secret) {
    return new NewToken(
        view.id(),
        view.label(),
        view.role(),
        view.cloudOperator(),
        view.scopes(),
        view.userId(),
        view.createdAt(),
        view.expiresAt(),
        secret);
  }

  @Override
  public String toString() {
    return "NewToken[" + id + "]";
  }
}
