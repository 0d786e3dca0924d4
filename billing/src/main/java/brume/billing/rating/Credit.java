package brume.billing.rating;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Money that an account has paid ahead.
///
/// @param left of it, in the currency's coin
/// @param expiresAt from then on it can't be used; null for never
public record Credit(String id, BigDecimal left, @Nullable Instant expiresAt) {
  public Credit {
    if (left.signum() < 0) {
      throw new IllegalArgumentException("left must not be negative, and is " + left);
    }
  }

  /// What one credit pays of an invoice.
  public record Draw(String creditId, BigDecimal amount) {}

  /// Pays as much of `due` as there is, from what expires first.
  public static List<Draw> draw(List<Credit> credits, BigDecimal due, Instant now) {
    List<Draw> draws = new ArrayList<>();
    BigDecimal open = due;
    Comparator<Credit> firstExpiring =
        Comparator.comparing(
                Credit::expiresAt, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
            .thenComparing(Credit::id);
    for (Credit credit : credits.stream().sorted(firstExpiring).toList()) {
      Instant end = credit.expiresAt();
      BigDecimal part = credit.left().min(open);
      if (part.signum() > 0 && (end == null || end.isAfter(now))) {
        draws.add(new Draw(credit.id(), part));
        open = open.subtract(part);
      }
    }
    return draws;
  }
}
