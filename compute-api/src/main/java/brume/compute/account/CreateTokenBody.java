package brume.compute.account;

import brume.compute.access.Role;
import brume.compute.refusal.Fields;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// `POST /v1/tokens` as it comes in.
record CreateTokenBody(
    @Nullable String label,
    @Nullable String role,
    @Nullable Boolean cloudOperator,
    @Nullable OffsetDateTime expiresAt) {
  CreateToken checked() {
    return new CreateToken(
        Fields.text("label", Fields.required("label", label), 1, 128),
        Role.of(Fields.oneOf("role", Fields.required("role", role), Role.TEXTS)),
        cloudOperator != null && cloudOperator,
        expiresAt == null ? null : expiresAt.toInstant());
  }
}
