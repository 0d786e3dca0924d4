package brume.compute.account;

import brume.compute.access.Role;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What every new token and access key is asked to be.
///
/// @param scopes patterns of the only actions it may do; empty for all that the role may
/// @param userId of the person it is for; null for one of the account's own
public record NewCredential(
    String label,
    Role role,
    List<String> scopes,
    @Nullable String userId,
    @Nullable Instant expiresAt) {
  private static final int SCOPES_MAX = 50;
  private static final Pattern SCOPE = Pattern.compile("[A-Za-z0-9*?]{1,64}");
  static final Pattern USER_ID = Pattern.compile("usr-[0-9a-f]{17}");

  private static final int YEAR_MAX = 9999; // beyond, neither Java's nor the database's times go

  public NewCredential {
    scopes = List.copyOf(scopes);
  }

  /// Checks what a client sent.
  public static NewCredential checked(
      @Nullable String label,
      @Nullable String role,
      @Nullable List<@Nullable String> scopes,
      @Nullable String userId,
      @Nullable OffsetDateTime expiresAt) {
    if (expiresAt != null && expiresAt.getYear() > YEAR_MAX) {
      throw Refused.invalid("expiresAt", "expiresAt must be before the year " + (YEAR_MAX + 1));
    }
    return new NewCredential(
        Fields.text("label", Fields.required("label", label), 1, 128),
        Role.of(Fields.oneOf("role", Fields.required("role", role), Role.TEXTS)),
        patterns("scopes", scopes, SCOPES_MAX),
        userId == null ? null : Fields.pattern("userId", userId, USER_ID),
        expiresAt == null ? null : expiresAt.toInstant());
  }

  /// Patterns of action names as a client sent them, each once.
  public static List<String> patterns(
      String field, @Nullable List<@Nullable String> given, int most) {
    if (given == null) {
      return List.of();
    }
    if (given.size() > most) {
      throw Refused.invalid(
          field, field + " may have at most " + most + " patterns, not " + given.size());
    }
    return given.stream()
        .map(text -> Fields.pattern(field, Fields.required(field, text), SCOPE))
        .distinct()
        .sorted()
        .toList();
  }

  public String scopesText() {
    return String.join(" ", scopes);
  }
}
