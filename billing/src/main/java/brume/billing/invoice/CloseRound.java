package brume.billing.invoice;

import brume.billing.rating.Period;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes the month before, once it may be closed; a round that comes when it is closed does
/// nothing.
public final class CloseRound {
  private static final Logger LOG = LoggerFactory.getLogger(CloseRound.class);

  private final MonthClose close;
  private final Clock clock;
  private @Nullable YearMonth done;

  public CloseRound(MonthClose close, Clock clock) {
    this.close = close;
    this.clock = clock;
  }

  public void run() {
    YearMonth before = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC)).minusMonths(1);
    Period month = Period.of(before);
    if (before.equals(done) || clock.instant().isBefore(close.opens(month))) {
      return;
    }
    MonthClose.Outcome outcome = close.close(month);
    LOG.info(
        "{}: {} invoices issued, {} were there, {} wait",
        before,
        outcome.issued(),
        outcome.unchanged(),
        outcome.waiting());
    done = outcome.audit().agrees() && outcome.waiting() == 0 ? before : null;
  }
}
