package brume.compute.accesskey;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An access key as its account sees it, without the secret.
public record AccessKeyView(
    String id,
    String label,
    String role,
    List<String> scopes,
    @Nullable String userId,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant deletedAt,
    @Nullable Instant lastUsedAt) {}
