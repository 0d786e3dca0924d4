package brume.billing.meter;

import brume.contract.VmState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A closed, half-open interval of use, cut to whole seconds of UTC at both ends. It may be empty:
/// a start that ended within its second was still a start.
///
/// @param endsRun false where the run goes on in the resource's next record
/// @param closedBy the state that ended it
/// @param openedSeq the transition that began it
/// @param closedSeq the transition that ended it
/// @param size how much of it was used; its units are the seconds times that
/// @param counted its units where a counter was read; else null
public record UsageRecord(
    String resourceId,
    Meter meter,
    String accountId,
    String sku,
    long epoch,
    Instant runStartedAt,
    Instant startedAt,
    Instant endedAt,
    boolean endsRun,
    VmState closedBy,
    long openedSeq,
    long closedSeq,
    long size,
    @Nullable Long counted) {
  public UsageRecord {
    wholeSecond("runStartedAt", runStartedAt);
    wholeSecond("startedAt", startedAt);
    wholeSecond("endedAt", endedAt);
    if (runStartedAt.isAfter(startedAt) || startedAt.isAfter(endedAt)) {
      throw new IllegalArgumentException(
          "a record starts with or after its run and ends after its start, not "
              + runStartedAt
              + ", "
              + startedAt
              + ", "
              + endedAt);
    }
    if (closedSeq <= openedSeq) {
      throw new IllegalArgumentException(
          "closedSeq must be after openedSeq " + openedSeq + ", not " + closedSeq);
    }
  }

  static UsageRecord closing(
      OpenUsage open,
      Instant endedAt,
      boolean endsRun,
      VmState closedBy,
      long closedSeq,
      long reading) {
    boolean counter = open.meter().counter();
    return new UsageRecord(
        open.resourceId(),
        open.meter(),
        open.accountId(),
        open.sku(),
        open.epoch(),
        open.runStartedAt(),
        open.startedAt(),
        endedAt,
        endsRun,
        closedBy,
        open.openedSeq(),
        closedSeq,
        counter ? 1 : open.size(),
        counter ? Math.max(0, reading - open.size()) : null);
  }

  /// The first day of the month of UTC that it begins in.
  public LocalDate month() {
    return startedAt.atOffset(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
  }

  /// The same cut at each end of a month that lies within it: pieces of one run, of which the last
  /// ends what this ends. What was counted is in the last one, as all is charged there.
  public List<UsageRecord> byMonth() {
    List<UsageRecord> pieces = new ArrayList<>();
    Instant from = startedAt;
    LocalDate month = month();
    for (Instant cut = end(month); cut.isBefore(endedAt); cut = end(month)) {
      pieces.add(piece(from, cut, false, counted == null ? null : 0L));
      from = cut;
      month = month.plusMonths(1);
    }
    pieces.add(piece(from, endedAt, endsRun, counted));
    return pieces;
  }

  private static Instant end(LocalDate month) {
    return month.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private UsageRecord piece(Instant from, Instant to, boolean last, @Nullable Long ofCounted) {
    return new UsageRecord(
        resourceId,
        meter,
        accountId,
        sku,
        epoch,
        runStartedAt,
        from,
        to,
        last,
        closedBy,
        openedSeq,
        closedSeq,
        size,
        ofCounted);
  }

  public long seconds() {
    return Duration.between(startedAt, endedAt).toSeconds();
  }

  private static void wholeSecond(String field, Instant value) {
    if (!value.equals(value.truncatedTo(ChronoUnit.SECONDS))) {
      throw new IllegalArgumentException(field + " must be a whole second, not " + value);
    }
  }
}
