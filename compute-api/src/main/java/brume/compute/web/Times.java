package brume.compute.web;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// Times in queries (RFC 3339).
public final class Times {
  // What PostgreSQL and everything else here can hold without a thought.
  private static final int YEAR_LEAST = 1970;
  private static final int YEAR_MOST = 9999;

  private Times() {}

  public static @Nullable Instant parse(String field, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (time.getYear() >= YEAR_LEAST && time.getYear() <= YEAR_MOST) {
        return time.toInstant();
      }
    } catch (DateTimeException e) {
      // refused below
    }
    throw Refused.invalid(
        field,
        field
            + " must be a time such as 2026-11-22T11:29:42Z, from "
            + YEAR_LEAST
            + " on, not '"
            + Fields.shown(text)
            + "'");
  }
}
