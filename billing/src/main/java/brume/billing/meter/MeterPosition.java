package brume.billing.meter;

import brume.contract.VmState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// All that one meter knows of one resource: what is open, and how far its log is used up. Pure.
///
/// ```
///            billed state                    any other state of the epoch
///   closed ───────────────▶ open(epoch e) ──────────────────────────────▶ closed
///                            │   ▲
///      billed state of e:    │   │  billed state of a newer epoch: the old record closes at that
///      nothing changes       └───┘  time and a new one opens; the same run if it was migrating
/// ```
///
/// A billed state of the same epoch with another size or sku closes a record and opens the next one
/// of the same run; so does a counter that has gone on.
///
/// What is ignored: a transition that was read before (`seq`), one of an older epoch than has run
/// (it is fenced off), a start of an epoch that has ended, and what a newer epoch does before it
/// runs. Times that run backwards are moved forward to the last second that is used up.
///
/// @param seq the last transition that opened or closed something
/// @param epoch the newest epoch that has run
/// @param epochEnded that epoch is gone for good
/// @param usedUntil the first second that is free
public record MeterPosition(
    String resourceId,
    Meter meter,
    @Nullable OpenUsage open,
    long seq,
    long epoch,
    boolean epochEnded,
    Instant usedUntil) {
  /// What follows from one transition.
  ///
  /// @param closed the record it ended, if it did
  public record Step(MeterPosition position, @Nullable UsageRecord closed) {}

  /// Of a resource that was never used.
  public static MeterPosition initial(String resourceId, Meter meter) {
    return new MeterPosition(resourceId, meter, null, 0, -1, false, Instant.MIN);
  }

  public Step next(Transition transition) {
    if (transition.seq() <= seq || transition.epoch() < epoch) {
      return unchanged();
    }
    boolean billed = meter.billed().contains(transition.state());
    OpenUsage current = open;
    if (current == null) {
      boolean fenced = transition.epoch() == epoch && epochEnded;
      return billed && !fenced
          ? new Step(opened(transition, null, firstSize(transition)), null)
          : unchanged();
    }
    if (transition.epoch() == current.epoch()) {
      return billed ? goesOn(current, transition) : closed(current, transition);
    }
    return billed ? succeeded(current, transition) : unchanged();
  }

  private Step unchanged() {
    return new Step(this, null);
  }

  private Step goesOn(OpenUsage current, Transition transition) {
    if (isResized(current, transition)) {
      Instant end = freeSecond(transition.at());
      UsageRecord record =
          UsageRecord.closing(
              current, end, false, transition.state(), transition.seq(), transition.size());
      return new Step(opened(transition, current.runStartedAt(), transition.size()), record);
    }
    OpenUsage next = current.withMigrating(transition.state() == VmState.MIGRATING);
    return new Step(
        new MeterPosition(resourceId, meter, next, seq, epoch, epochEnded, usedUntil), null);
  }

  /// A counter that went back was read late, or twice.
  private boolean isResized(OpenUsage current, Transition transition) {
    return meter.counter()
        ? transition.size() > current.size()
        : transition.size() != current.size() || !transition.sku().equals(current.sku());
  }

  private Step closed(OpenUsage current, Transition transition) {
    Instant end = freeSecond(transition.at());
    return new Step(
        new MeterPosition(
            resourceId,
            meter,
            null,
            transition.seq(),
            current.epoch(),
            transition.state().isEnd(),
            end),
        UsageRecord.closing(
            current, end, true, transition.state(), transition.seq(), transition.size()));
  }

  private Step succeeded(OpenUsage current, Transition transition) {
    Instant end = freeSecond(transition.at());
    UsageRecord record =
        UsageRecord.closing(
            current, end, !current.migrating(), transition.state(), transition.seq(), 0);
    Instant run = current.migrating() ? current.runStartedAt() : null;
    return new Step(opened(transition, run, firstSize(transition)), record);
  }

  /// A counter begins at 0 with its epoch, whenever it is read first.
  private long firstSize(Transition transition) {
    return meter.counter() ? 0 : transition.size();
  }

  private MeterPosition opened(Transition transition, @Nullable Instant runStartedAt, long size) {
    Instant start = freeSecond(transition.at());
    OpenUsage usage =
        new OpenUsage(
            resourceId,
            meter,
            transition.accountId(),
            transition.sku(),
            transition.epoch(),
            runStartedAt == null ? start : runStartedAt,
            start,
            transition.seq(),
            transition.state() == VmState.MIGRATING,
            size);
    return new MeterPosition(
        resourceId, meter, usage, transition.seq(), transition.epoch(), false, start);
  }

  private Instant freeSecond(Instant at) {
    Instant second = at.truncatedTo(ChronoUnit.SECONDS);
    return second.isBefore(usedUntil) ? usedUntil : second;
  }
}
