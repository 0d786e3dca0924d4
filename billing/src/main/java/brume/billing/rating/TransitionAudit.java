package brume.billing.rating;

import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.PriceSchedule;
import brume.contract.VmState;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The second opinion: what a log of transitions costs, without usage records, intervals or SQL. It
/// keeps a running sum for each resource and asks only one function of time, what running from the
/// beginning of time would have cost. Pure; feed it the log in the order of `seq`.
public final class TransitionAudit {
  private final Meter meter;
  private final PriceSchedule prices;
  private final Period period;
  private final Map<String, Trace> traces = new HashMap<>();

  public TransitionAudit(Meter meter, PriceSchedule prices, Period period) {
    this.meter = meter;
    this.prices = prices;
    this.period = period;
  }

  /// Whose cost it is.
  public record Key(String accountId, String resourceId) {}

  private static final class Trace {
    private String account = "";
    private String sku = "";
    private long epoch = -1;
    private boolean on;
    private boolean over;
    private boolean moving;
    private long began;
    private long counted = Long.MIN_VALUE;
    private final Map<String, BigInteger> parts = new HashMap<>();

    private void add(BigInteger more) {
      parts.merge(account, more, BigInteger::add);
    }
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
      trace.add(cost(trace, second));
      if (!sameRun) {
        trace.add(minimum(trace, second));
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

  /// What each resource costs in the period when what still runs is counted up to `asOf`.
  public Map<Key, Amount> totals(Instant asOf) {
    Map<Key, Amount> totals = new HashMap<>();
    traces.forEach((resource, trace) -> {
      Map<String, BigInteger> parts = new HashMap<>(trace.parts);
      if (trace.on) {
        long now = Math.max(asOf.getEpochSecond(), trace.counted);
        parts.merge(trace.account, cost(trace, now).add(minimum(trace, now)), BigInteger::add);
      }
      parts.forEach((account, sum) -> {
        if (sum.signum() != 0) {
          totals.put(new Key(account, resource), new Amount(sum));
        }
      });
    });
    return totals;
  }

  private BigInteger cost(Trace trace, long until) {
    return sinceEver(trace.sku, until).subtract(sinceEver(trace.sku, trace.counted));
  }

  /// The integral of the price from the period's start to a time in it.
  private BigInteger sinceEver(String sku, long second) {
    long from = period.start().getEpochSecond();
    long to = Math.clamp(second, from, period.end().getEpochSecond());
    BigInteger sum = BigInteger.ZERO;
    for (PriceBook book : prices.books()) {
      Instant validTo = book.validTo();
      long begin = Math.max(from, book.validFrom().getEpochSecond());
      long end = validTo == null ? to : Math.min(to, validTo.getEpochSecond());
      if (end > begin) {
        sum = sum.add(parts(end - begin, book, sku));
      }
    }
    return sum;
  }

  /// What a run that lasted too short still owes; it is due in the period that has its last second,
  /// at the price of its start.
  private BigInteger minimum(Trace trace, long until) {
    long lastSecond = Math.max(trace.counted, until - 1);
    PriceBook book = prices.at(Instant.ofEpochSecond(trace.began)).orElse(null);
    Price price = price(book, trace.sku);
    if (book == null || price == null || !period.contains(Instant.ofEpochSecond(lastSecond))) {
      return BigInteger.ZERO;
    }
    long missing = price.minimumSeconds() - (until - trace.began);
    return missing <= 0 ? BigInteger.ZERO : parts(missing, book, trace.sku);
  }

  private static BigInteger parts(long seconds, PriceBook book, String sku) {
    Price price = price(book, sku);
    return price == null
        ? BigInteger.ZERO
        : BigInteger.valueOf(seconds).multiply(BigInteger.valueOf(price.microsPerHour()));
  }

  private static @Nullable Price price(@Nullable PriceBook book, String sku) {
    return book == null
        ? null
        : book.prices().stream().filter(price -> price.sku().equals(sku)).findFirst().orElse(null);
  }
}
