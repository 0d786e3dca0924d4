package brume.billing.rating;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/// The half-open time that an invoice is for: a calendar month of UTC, in every account's zone.
public record Period(Instant start, Instant end) {
  public Period {
    if (!end.isAfter(start)) {
      throw new IllegalArgumentException("end must be after start " + start + ", not " + end);
    }
  }

  public static Period monthOf(Instant instant) {
    return of(YearMonth.from(instant.atOffset(ZoneOffset.UTC)));
  }

  public static Period of(YearMonth month) {
    return new Period(
        month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
        month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /// As of when a period that is over is counted: one second after its end, so that what still runs
  /// is seen to go on and owes no minimum for having ended with it.
  public Instant closedAsOf() {
    return end.plusSeconds(1);
  }

  public boolean contains(Instant instant) {
    return !instant.isBefore(start) && instant.isBefore(end);
  }
}
