package brume.billing.meter;

import brume.contract.VmState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// A closed, half-open interval of use, cut to whole seconds of UTC at both ends. It may be empty:
/// a start that ended within its second was still a start.
///
/// @param endsRun false where the run goes on in the resource's next record
/// @param closedBy the state that ended it
/// @param openedSeq the transition that began it
/// @param closedSeq the transition that ended it
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
    long closedSeq) {
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
      OpenUsage open, Instant endedAt, boolean endsRun, VmState closedBy, long closedSeq) {
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
        closedSeq);
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
