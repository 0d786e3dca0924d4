package brume.compute.account;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `POST /v1/tokens` as it comes in.
record CreateTokenBody(
    @Nullable String label,
    @Nullable String role,
    @Nullable Boolean cloudOperator,
    @Nullable List<@Nullable String> scopes,
    @Nullable String userId,
    @Nullable OffsetDateTime expiresAt) {
  CreateToken checked() {
    return new CreateToken(
        NewCredential.checked(label, role, scopes, userId, expiresAt),
        cloudOperator != null && cloudOperator);
  }
}
