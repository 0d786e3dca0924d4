package brume.compute.account;

import brume.compute.access.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a new token shall be.
public record CreateToken(
    String label, Role role, boolean cloudOperator, @Nullable Instant expiresAt) {}
