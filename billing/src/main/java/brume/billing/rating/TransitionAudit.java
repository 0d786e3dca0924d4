package brume.billing.rating;

import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.PriceSchedule;
import brume.contract.VmState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The second opinion: what a log of transitions comes to, without usage records, intervals or SQL.
/// It keeps a running sum for each resource, some 140 bytes, and asks only one function of time,
/// how many seconds of a price book had passed by then. Pure; feed it the log in the order of
/// `seq`.
public final class TransitionAudit {
  private final Meter meter;
  private static final @Nullable Price[] NONE = {};

  private final List<Book> books;
  private final Map<String, @Nullable Price[]> pricesBySku = new HashMap<>();
  private final Period period;
  private final Spans spans;
  private final ResourceTable<Trace> traces = new ResourceTable<>();

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
    this.books = prices.books().stream().map(book -> Book.of(book, meter, period)).toList();
    this.period = period;
  }

  /// Whose use it is, and which price it has.
  public record Key(String accountId, String resourceId, String sku, String priceBookId) {}

  /// Hears of sums.
  public interface Sums {
    void units(String resourceId, String accountId, String sku, String priceBookId, long units);
  }

  /// A price book in seconds since 1970.
  ///
  /// @param begin of what it prices in the period
  private record Book(
      String id, long from, long to, long begin, long end, Map<String, Price> prices) {
    private static Book of(PriceBook book, Meter meter, Period period) {
      Instant validTo = book.validTo();
      long from = book.validFrom().getEpochSecond();
      long to = validTo == null ? Long.MAX_VALUE : validTo.getEpochSecond();
      Map<String, Price> prices = new HashMap<>();
      book.prices().stream()
          .filter(price -> price.meter().equals(meter))
          .forEach(price -> prices.put(price.sku(), price));
      return new Book(
          book.id(),
          from,
          to,
          Math.max(period.start().getEpochSecond(), from),
          Math.min(period.end().getEpochSecond(), to),
          prices);
    }

    /// How many of the book's seconds in the period have passed.
    private long sinceEver(long second) {
      return Math.max(0, Math.min(second, end) - begin);
    }
  }

  /// The units that one account used of one resource at one price; nearly always there is one.
  private static final class Cell {
    private final String account;
    private final String sku;
    private final String priceBookId;
    private long units;
    private final @Nullable Cell next;

    private Cell(String account, String sku, String priceBookId, long units, @Nullable Cell next) {
      this.account = account;
      this.sku = sku;
      this.priceBookId = priceBookId;
      this.units = units;
      this.next = next;
    }

    private boolean is(String ofAccount, String ofSku, String ofBook) {
      return account.equals(ofAccount) && sku.equals(ofSku) && priceBookId.equals(ofBook);
    }
  }

  private static final class Trace extends ResourceTable.Entry {
    private String account = "";
    private String sku = "";
    private long epoch = -1;
    private boolean on;
    private boolean over;
    private boolean moving;
    private long began;
    private long size;
    private long counted = Long.MIN_VALUE;
    private @Nullable Price[] prices = NONE;
    private @Nullable Cell cells;

    @Override
    long look() {
      Cell cell = cells;
      return counted + (cell == null ? 0 : cell.units);
    }

    /// References are written only where they change: what an old object refers to anew makes the
    /// collector look at it again, and there are millions of these.
    private void isOf(String accountId) {
      if (!account.equals(accountId)) {
        account = accountId;
      }
    }

    private void add(String priceBookId, long units) {
      if (units <= 0) {
        return;
      }
      for (Cell cell = cells; cell != null; cell = cell.next) {
        if (cell.is(account, sku, priceBookId)) {
          cell.units = Math.addExact(cell.units, units);
          return;
        }
      }
      cells = new Cell(account, sku, priceBookId, units, cells);
    }
  }

  /// How many facts are best given together.
  public static final int FACTS_AT_ONCE = ResourceTable.LOOKS_MAX;

  /// Says which resources the next facts are of; nothing depends on it but how long they take.
  ///
  /// @param resourceIds at most [#FACTS_AT_ONCE]
  public void lookAhead(List<String> resourceIds) {
    traces.lookAhead(resourceIds);
  }

  public void accept(Transition fact) {
    Trace trace = traces.entry(fact.resourceId(), Trace::new);
    boolean runs = meter.billed().contains(fact.state());
    boolean ofThisEpoch = fact.epoch() == trace.epoch;
    boolean stale = fact.epoch() < trace.epoch;
    boolean startsAgainAfterItsEnd = ofThisEpoch && trace.over;
    boolean notYetRunning = !runs && !(ofThisEpoch && trace.on);
    if (stale || startsAgainAfterItsEnd || notYetRunning) {
      return;
    }
    boolean goesOn = trace.on && runs && ofThisEpoch;
    if (!goesOn || isResized(trace, fact)) {
      turn(trace, fact, runs, goesOn);
    }
    trace.moving = fact.state() == VmState.MIGRATING;
  }

  private boolean isResized(Trace trace, Transition fact) {
    return meter.counter()
        ? fact.size() > trace.size
        : fact.size() != trace.size || !fact.sku().equals(trace.sku);
  }

  private void turn(Trace trace, Transition fact, boolean runs, boolean goesOn) {
    long second = Math.max(fact.at().getEpochSecond(), trace.counted);
    boolean sameRun = goesOn || (trace.on && runs && trace.moving);
    boolean sameEpoch = fact.epoch() == trace.epoch;
    if (trace.on) {
      spans.used(fact.resourceId(), trace.counted, second);
      if (meter.counter()) {
        addCount(trace, second, sameEpoch ? fact.size() - trace.size : 0);
      } else {
        addUse(trace, second);
        if (!sameRun) {
          addMinimum(trace, second);
        }
      }
    }
    trace.size = meter.counter() && !(goesOn && sameEpoch) ? 0 : fact.size();
    trace.counted = second;
    trace.epoch = fact.epoch();
    trace.on = runs;
    trace.over = fact.state().isEnd();
    if (runs) {
      trace.isOf(fact.accountId());
      if (!trace.sku.equals(fact.sku())) {
        trace.sku = fact.sku();
        trace.prices = pricesBySku.computeIfAbsent(fact.sku(), this::prices);
      }
      trace.began = sameRun ? trace.began : second;
    }
  }

  /// Of each book, null where it has none.
  private @Nullable Price[] prices(String sku) {
    return books.stream().map(book -> book.prices().get(sku)).toArray(Price[]::new);
  }

  /// How many resources it has seen.
  public int resources() {
    return traces.size();
  }

  /// Forgets the others, where there are too many to keep at once.
  public void keep(Predicate<String> resources) {
    traces.keep(resources);
  }

  /// The log is over: what still runs is counted up to `asOf`, and a counter as far as it was read.
  public void end(Instant asOf) {
    if (meter.counter()) {
      return;
    }
    traces.each((resource, trace) -> {
      if (trace.on) {
        long now = Math.max(asOf.getEpochSecond(), trace.counted);
        addUse(trace, now);
        addMinimum(trace, now);
        trace.on = false;
      }
    });
  }

  /// What is charged for each resource in the period, in the meter's units, after the end.
  public void sums(Sums sums) {
    traces.each((resource, trace) -> {
      for (Cell cell = trace.cells; cell != null; cell = cell.next) {
        if (cell.units != 0) {
          sums.units(resource, cell.account, cell.sku, cell.priceBookId, cell.units);
        }
      }
    });
  }

  /// The units of one sum, which is 0 from then on: what [#sums] then gives was never asked for.
  public long take(Key key) {
    Trace trace = traces.get(key.resourceId());
    for (Cell cell = trace == null ? null : trace.cells; cell != null; cell = cell.next) {
      if (cell.is(key.accountId(), key.sku(), key.priceBookId())) {
        long units = cell.units;
        cell.units = 0;
        return units;
      }
    }
    return 0;
  }

  private void addUse(Trace trace, long until) {
    for (int i = 0; i < trace.prices.length; i++) {
      if (trace.prices[i] != null) {
        Book book = books.get(i);
        long seconds = book.sinceEver(until) - book.sinceEver(trace.counted);
        trace.add(book.id(), Math.multiplyExact(seconds, trace.size));
      }
    }
  }

  /// What a counter went on by counts whole at the last second before it was read.
  private void addCount(Trace trace, long until, long units) {
    long lastSecond = Math.max(trace.counted, until - 1);
    for (int i = 0; i < trace.prices.length; i++) {
      Book book = books.get(i);
      if (trace.prices[i] != null && book.begin() <= lastSecond && lastSecond < book.end()) {
        trace.add(book.id(), units);
      }
    }
  }

  /// What a run that lasted too short still owes; it is due in the period that has its last second,
  /// at the price of its start.
  private void addMinimum(Trace trace, long until) {
    long lastSecond = Math.max(trace.counted, until - 1);
    if (lastSecond < period.start().getEpochSecond()
        || lastSecond >= period.end().getEpochSecond()) {
      return;
    }
    for (int i = 0; i < trace.prices.length; i++) {
      Book book = books.get(i);
      Price price = trace.prices[i];
      if (price != null && book.from() <= trace.began && trace.began < book.to()) {
        long missing = price.minimumSeconds() - (until - trace.began);
        trace.add(book.id(), Math.multiplyExact(missing, trace.size));
      }
    }
  }
}
