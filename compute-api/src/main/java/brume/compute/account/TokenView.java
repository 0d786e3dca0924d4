package brume.compute.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A token as its account sees it, without the secret.
public record TokenView(
    String id,
    String label,
    String role,
    boolean cloudOperator,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt) {}
