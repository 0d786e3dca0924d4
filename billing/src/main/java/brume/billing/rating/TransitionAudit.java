package brume.billing.rating;

import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.PriceSchedule;
import brume.contract.VmState;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The second opinion: what a log of transitions comes to, without usage records, intervals or SQL.
/// It keeps a running sum for each resource and asks only one function of time, how many seconds of
/// a price book had passed by then. Pure; feed it the log in the order of `seq`.
public final class TransitionAudit {
  private final Meter meter;
  private final PriceSchedule prices;
  private final Period period;
  private final Spans spans;
  private final Map<String, Trace> traces = new HashMap<>();

  /// Hears of each stretch of use that is over, in seconds since 1970.
  public interface Spans {
    void used(String resourceId, long from, long to);
  }

  public TransitionAudit(Meter meter, PriceSchedule prices, Period period) {
    this(meter, prices, period, (resource, from, to) -> {});
  }

  /// @param spans hears of all use, in the period or not
  public TransitionAudit(Meter meter, PriceSchedule prices, Period period, Spans spans) {
    this.spans = spans;
    this.meter = meter;
    this.prices = prices;
    this.period = period;
  }

  /// Whose use it is, and which price it has.
  public record Key(String accountId, String resourceId, String sku, String priceBookId) {}

  private record Cell(String account, String sku, String priceBookId) {}

  private static final class Trace {
    private String account = "";
    private String sku = "";
    private long epoch = -1;
    private boolean on;
    private boolean over;
    private boolean moving;
    private long began;
    private long counted = Long.MIN_VALUE;
    private final Map<Cell, Long> units = new HashMap<>(2);
  }

  public void accept(Transition fact) {
    Trace trace = traces.computeIfAbsent(fact.resourceId(), id -> new Trace());
    boolean runs = meter.billed().contains(fact.state());
    boolean ofThisEpoch = fact.epoch() == trace.epoch;
    boolean stale = fact.epoch() < trace.epoch;
    boolean startsAgainAfterItsEnd = ofThisEpoch && trace.over;
    boolean notYetRunning = !runs && !(ofThisEpoch && trace.on);
    if (stale || startsAgainAfterItsEnd || notYetRunning) {
      return;
    }
    boolean goesOn = trace.on && runs && ofThisEpoch;
    if (!goesOn) {
      turn(trace, fact, runs);
    }
    trace.moving = fact.state() == VmState.MIGRATING;
  }

  private void turn(Trace trace, Transition fact, boolean runs) {
    long second = Math.max(fact.at().getEpochSecond(), trace.counted);
    boolean sameRun = trace.on && runs && trace.moving;
    if (trace.on) {
      spans.used(fact.resourceId(), trace.counted, second);
      addUse(trace, trace.units, second);
      if (!sameRun) {
        addMinimum(trace, trace.units, second);
      }
    }
    trace.counted = second;
    trace.epoch = fact.epoch();
    trace.on = runs;
    trace.over = fact.state().isEnd();
    if (runs) {
      trace.account = fact.accountId();
      trace.sku = fact.sku();
      trace.began = sameRun ? trace.began : second;
    }
  }

  /// What is charged for each resource in the period, in the meter's units, when what still runs is
  /// counted up to `asOf`.
  public Map<Key, Long> units(Instant asOf) {
    Map<Key, Long> totals = new HashMap<>();
    traces.forEach((resource, trace) -> {
      Map<Cell, Long> units = trace.units;
      if (trace.on) {
        units = new HashMap<>(units);
        long now = Math.max(asOf.getEpochSecond(), trace.counted);
        addUse(trace, units, now);
        addMinimum(trace, units, now);
      }
      units.forEach((cell, sum) ->
          totals.put(new Key(cell.account(), resource, cell.sku(), cell.priceBookId()), sum));
    });
    return totals;
  }

  private void addUse(Trace trace, Map<Cell, Long> units, long until) {
    for (PriceBook book : prices.books()) {
      if (price(book, trace.sku) != null) {
        add(trace, units, book, sinceEver(book, until) - sinceEver(book, trace.counted));
      }
    }
  }

  /// How many of the book's seconds in the period have passed.
  private long sinceEver(PriceBook book, long second) {
    Instant validTo = book.validTo();
    long begin = Math.max(period.start().getEpochSecond(), book.validFrom().getEpochSecond());
    long end = Math.min(second, period.end().getEpochSecond());
    return Math.max(0, (validTo == null ? end : Math.min(end, validTo.getEpochSecond())) - begin);
  }

  private static void add(Trace trace, Map<Cell, Long> units, PriceBook book, long seconds) {
    if (seconds > 0) {
      units.merge(new Cell(trace.account, trace.sku, book.id()), seconds, Math::addExact);
    }
  }

  /// What a run that lasted too short still owes; it is due in the period that has its last second,
  /// at the price of its start.
  private void addMinimum(Trace trace, Map<Cell, Long> units, long until) {
    long lastSecond = Math.max(trace.counted, until - 1);
    PriceBook book = prices.at(Instant.ofEpochSecond(trace.began)).orElse(null);
    Price price = price(book, trace.sku);
    if (book != null && price != null && period.contains(Instant.ofEpochSecond(lastSecond))) {
      add(trace, units, book, price.minimumSeconds() - (until - trace.began));
    }
  }

  private static @Nullable Price price(@Nullable PriceBook book, String sku) {
    return book == null
        ? null
        : book.prices().stream().filter(price -> price.sku().equals(sku)).findFirst().orElse(null);
  }
}
