package brume.compute.account;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A token as its account sees it, without the secret.
public record TokenView(
    String id,
    String label,
    String role,
    boolean cloudOperator,
    List<String> scopes,
    @Nullable String userId,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable Instant lastUsedAt) {}
