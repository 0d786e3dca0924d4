package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.meter.LogChain;
import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.meter.TransitionSource;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBookStore;
import brume.billing.pricing.PriceIndex;
import brume.billing.pricing.PriceSchedule;
import brume.billing.rating.Amount;
import brume.billing.rating.Period;
import brume.billing.rating.Quantity;
import brume.billing.rating.Rating;
import brume.billing.rating.TransitionAudit;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Compares what usage records come to with what the raw transitions come to: the units of each
/// account, resource and price, and each account's money to the last part of a micro-unit, by
/// another formula. Any difference is a bug and must stop an invoice.
public final class UsageAudit {
  private static final int BATCH = 10_000;
  private static final int INTERVALS_NAMED_MAX = 100;
  private static final Comparator<TransitionAudit.Key> ORDER =
      Comparator.comparing(TransitionAudit.Key::accountId)
          .thenComparing(TransitionAudit.Key::resourceId)
          .thenComparing(TransitionAudit.Key::sku)
          .thenComparing(TransitionAudit.Key::priceBookId);

  private final JdbcClient jdbc;
  private final TransactionOperations snapshot;
  private final TransitionSource source;
  private final PriceBookStore prices;
  private final String currency;

  /// @param snapshot read-only transactions that see one state (REPEATABLE READ)
  public UsageAudit(
      JdbcClient jdbc,
      TransactionOperations snapshot,
      TransitionSource source,
      PriceBookStore prices,
      String currency) {
    this.jdbc = jdbc;
    this.snapshot = snapshot;
    this.source = source;
    this.prices = prices;
    this.currency = currency;
  }

  /// @param fromUsage units that the account would be billed for the resource
  /// @param fromTransitions what its log says
  /// @param interval the first one that only one of them has; absent where it is not closed, or
  ///   there are many differences
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Difference(
      String accountId,
      String resourceId,
      String sku,
      String priceBookId,
      long fromUsage,
      long fromTransitions,
      @Nullable Period interval) {}

  /// @param throughSeq the log up to here was compared
  /// @param resources how many were used, each price by itself
  /// @param differences empty when all is well
  /// @param logIsWhole no transition changed after it was metered: the chain of digests is the same
  /// @param wronglyRated accounts whose lines do not add up to what their units cost
  public record Verdict(
      long throughSeq,
      long transitions,
      int resources,
      List<Difference> differences,
      List<String> wronglyRated,
      boolean logIsWhole) {
    public boolean agrees() {
      return differences.isEmpty() && wronglyRated.isEmpty() && logIsWhole;
    }
  }

  private record PriceKey(String sku, String priceBookId) {}

  /// All accounts, as far as the meter has read.
  public Verdict check(Period period, Instant asOf) {
    return Objects.requireNonNull(snapshot.execute(status -> compare(period, asOf)));
  }

  private Verdict compare(Period period, Instant asOf) {
    PriceSchedule schedule = prices.schedule(currency);
    TransitionAudit audit = new TransitionAudit(Meter.INSTANCE_SECONDS, schedule, period);
    long cursor = jdbc.sql("SELECT seq FROM billing.meter_cursor").query(Long.class).single();
    LogChain chain = LogChain.empty();
    long seq = 0;
    long count = 0;
    List<Transition> batch;
    do {
      batch = source.after(seq, BATCH);
      for (Transition transition : batch) {
        seq = transition.seq();
        if (seq <= cursor) {
          audit.accept(transition);
          chain.add(transition);
          count++;
        }
      }
    } while (seq < cursor && !batch.isEmpty());
    Map<TransitionAudit.Key, Long> fromTransitions = audit.units(asOf);
    PriceIndex index = new PriceIndex(schedule);
    Map<String, List<Quantity>> fromUsage = fromUsage(period, asOf, index);
    return new Verdict(
        cursor,
        count,
        fromTransitions.size(),
        differences(fromUsage, fromTransitions),
        wronglyRated(fromUsage, fromTransitions, index),
        isSame(chain));
  }

  private List<Difference> differences(
      Map<String, List<Quantity>> fromUsage, Map<TransitionAudit.Key, Long> fromTransitions) {
    Map<TransitionAudit.Key, Long> used = new HashMap<>();
    fromUsage.forEach((account, quantities) ->
        quantities.stream()
            .filter(each -> each.units() > 0)
            .forEach(each ->
                used.merge(
                    new TransitionAudit.Key(
                        account, each.resourceId(), each.sku(), each.priceBookId()),
                    each.units(),
                    Math::addExact)));
    Set<TransitionAudit.Key> keys = new TreeSet<>(ORDER);
    keys.addAll(fromTransitions.keySet());
    keys.addAll(used.keySet());
    DifferingInterval intervals = new DifferingInterval(jdbc);
    List<Difference> differences = new ArrayList<>();
    for (TransitionAudit.Key key : keys) {
      long usage = used.getOrDefault(key, 0L);
      long transitions = fromTransitions.getOrDefault(key, 0L);
      if (usage != transitions) {
        differences.add(
            new Difference(
                key.accountId(),
                key.resourceId(),
                key.sku(),
                key.priceBookId(),
                usage,
                transitions,
                differences.size() < INTERVALS_NAMED_MAX
                    ? intervals.first(key.resourceId()).orElse(null)
                    : null));
      }
    }
    return differences;
  }

  private boolean isSame(LogChain chain) {
    return jdbc.sql("SELECT chain IS NULL OR chain = ? FROM billing.meter_cursor")
        .param(chain.head())
        .query(Boolean.class)
        .single();
  }

  private static List<String> wronglyRated(
      Map<String, List<Quantity>> fromUsage,
      Map<TransitionAudit.Key, Long> fromTransitions,
      PriceIndex index) {
    Map<String, Map<PriceKey, Long>> units = new HashMap<>();
    fromTransitions.forEach((key, more) ->
        units
            .computeIfAbsent(key.accountId(), account -> new HashMap<>())
            .merge(new PriceKey(key.sku(), key.priceBookId()), more, Math::addExact));
    List<String> wrong = new ArrayList<>();
    Set<String> accounts = new TreeSet<>(fromUsage.keySet());
    accounts.addAll(units.keySet());
    for (String account : accounts) {
      Amount lines = Rating.exact(fromUsage.getOrDefault(account, List.of()));
      Amount whole = Amount.ZERO;
      for (Map.Entry<PriceKey, Long> each : units.getOrDefault(account, Map.of()).entrySet()) {
        Price price =
            index.price(each.getKey().priceBookId(), Meter.INSTANCE_SECONDS, each.getKey().sku());
        whole =
            whole.plus(
                Amount.of(price.rate().product(each.getValue()), price.meter().unitsPerPrice()));
      }
      if (!lines.equals(whole)) {
        wrong.add(account);
      }
    }
    return wrong;
  }

  private Map<String, List<Quantity>> fromUsage(Period period, Instant asOf, PriceIndex index) {
    Map<String, List<Quantity>> quantities = new HashMap<>();
    Map<String, Object> parameters =
        Map.of(
            "currency", currency,
            "from", SqlTime.in(period.start()),
            "to", SqlTime.in(period.end()),
            "asOf", SqlTime.in(asOf));
    StatementReader.requirePrices(jdbc, "true", parameters);
    jdbc.sql(SegmentSql.quantities("true"))
        .params(parameters)
        .param("limit", Long.MAX_VALUE)
        .query(row -> {
          quantities
              .computeIfAbsent(row.getString("account_id"), account -> new ArrayList<>())
              .add(StatementReader.quantity(row, index));
        });
    return quantities;
  }
}
