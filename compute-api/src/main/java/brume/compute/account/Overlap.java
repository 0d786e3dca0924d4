package brume.compute.account;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How long a credential stays valid beside the one that replaces it.
public record Overlap(int seconds) {
  private static final int SECONDS_MAX = 7 * 24 * 3600;
  private static final int SECONDS_DEFAULT = 3600;

  /// `POST …/rotate` as it comes in; a missing body is an empty one.
  public record Body(@Nullable Integer overlapSeconds) {}

  public static Overlap of(@Nullable Body body) {
    Integer given = body == null ? null : body.overlapSeconds();
    return new Overlap(
        given == null ? SECONDS_DEFAULT : Fields.range("overlapSeconds", given, 0, SECONDS_MAX));
  }

  /// When the old one ends: never later than it would have anyway.
  public Instant endOf(@Nullable Instant expiresAt, Instant now) {
    Instant end = now.plusSeconds(seconds);
    return expiresAt != null && expiresAt.isBefore(end) ? expiresAt : end;
  }

  /// When the new one ends: it lives as long as the old one was meant to.
  public static @Nullable Instant renewed(
      Instant createdAt, @Nullable Instant expiresAt, Instant now) {
    return expiresAt == null ? null : now.plus(Duration.between(createdAt, expiresAt));
  }

  public static void requireNotOver(String id, @Nullable Instant expiresAt, Instant now) {
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw Refused.conflict("credential_ended", id + " has expired: create another");
    }
  }
}
