package brume.billing.invoice;

import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.meter.TransitionSource;
import brume.billing.pricing.Price;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Compares what usage records come to with what the raw transitions come to: the units of each
/// account, resource and price, and each account's money to the last part of a micro-unit, by
/// another formula. Any difference is a bug and must stop an invoice. Both sides are streamed; what
/// is kept is a sum for each resource of the log, for so many resources at a time.
public final class UsageAudit {
  /// Some 200 bytes each: half a gigabyte. More of them are audited in several passes.
  public static final int RESOURCES_AT_ONCE = 2_500_000;

  private static final int DIFFERENCES_MAX = 1_000;
  private static final int INTERVALS_NAMED_MAX = 100;
  private static final Comparator<TransitionAudit.Key> ORDER =
      Comparator.comparing(TransitionAudit.Key::accountId)
          .thenComparing(TransitionAudit.Key::resourceId)
          .thenComparing(TransitionAudit.Key::sku)
          .thenComparing(TransitionAudit.Key::priceBookId);

  private final JdbcClient jdbc;
  private final TransactionOperations snapshot;
  private final TransitionSource source;
  private final StatementReader statements;
  private final UsageSums usage;
  private final DifferingInterval intervals;
  private final int resourcesAtOnce;

  /// @param snapshot read-only transactions that see one state (REPEATABLE READ)
  /// @param resourcesAtOnce how many are kept in memory
  public UsageAudit(
      JdbcTemplate jdbc,
      TransactionOperations snapshot,
      TransitionSource source,
      StatementReader statements,
      int resourcesAtOnce) {
    this.jdbc = JdbcClient.create(jdbc);
    this.snapshot = snapshot;
    this.source = source;
    this.statements = statements;
    this.usage = new SqlUsageSums(jdbc, statements);
    this.intervals = new DifferingInterval(jdbc);
    this.resourcesAtOnce = resourcesAtOnce;
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
    long cursor = jdbc.sql("SELECT seq FROM billing.meter_cursor").query(Long.class).single();
    PriceSchedule schedule = statements.schedule();
    Pass pass = new Pass(schedule, period, asOf);
    long count;
    boolean whole;
    try (ChainThread chain = new ChainThread()) {
      count = pass.read(cursor, chain::add);
      whole = isSame(chain.head());
    }
    pass.compare();
    for (int part = 1; part < pass.parts; part++) {
      pass.next(part);
      pass.read(cursor, fact -> {});
      pass.compare();
    }
    return new Verdict(
        cursor, count, pass.resources, pass.differences(), pass.wronglyRated(), whole);
  }

  /// One reading of the log, for those resources whose turn it is, and what all turns found.
  private final class Pass {
    private final PriceSchedule schedule;
    private final PriceIndex index;
    private final Period period;
    private final Instant asOf;
    private final Map<String, Map<PriceKey, Long>> units = new HashMap<>();
    private final Map<String, Amount> lines = new HashMap<>();
    private final Map<TransitionAudit.Key, long[]> differing = new HashMap<>();
    private TransitionAudit audit;
    private int parts = 1;
    private int part;
    private int resources;

    private Pass(PriceSchedule schedule, Period period, Instant asOf) {
      this.schedule = schedule;
      this.index = new PriceIndex(schedule);
      this.period = period;
      this.asOf = asOf;
      this.audit = new TransitionAudit(Meter.INSTANCE_SECONDS, schedule, period);
    }

    private void next(int number) {
      part = number;
      audit = new TransitionAudit(Meter.INSTANCE_SECONDS, schedule, period);
    }

    private boolean takes(String resourceId) {
      int hash = resourceId.hashCode();
      return ((hash ^ hash >>> 16) & parts - 1) == part;
    }

    private long read(long throughSeq, Consumer<Transition> also) {
      long[] count = new long[1];
      source.each(
          throughSeq,
          fact -> {
            count[0]++;
            also.accept(fact);
            if (takes(fact.resourceId())) {
              audit.accept(fact);
              // In the first pass alone: the later ones have as many.
              while (part == 0 && audit.resources() > resourcesAtOnce) {
                parts *= 2;
                audit.keep(this::takes);
              }
            }
          });
      audit.end(asOf);
      return count[0];
    }

    /// Takes from the log's sums what usage has, and sees what is left on either side.
    private void compare() {
      audit.sums((resource, account, sku, book, sum) -> {
        resources++;
        units
            .computeIfAbsent(account, id -> new HashMap<>())
            .merge(new PriceKey(sku, book), sum, Math::addExact);
      });
      usage.each(
          period,
          asOf,
          UsageSums.Accounts.ALL,
          (account, sums) -> {
            List<Quantity> quantities = sums.stream().map(sum -> sum.quantity(index)).toList();
            if (part == 0) {
              lines.put(account, Rating.exact(quantities));
            }
            for (Quantity each : quantities) {
              if (each.units() > 0 && takes(each.resourceId())) {
                TransitionAudit.Key key =
                    new TransitionAudit.Key(
                        account, each.resourceId(), each.sku(), each.priceBookId());
                differ(key, each.units(), audit.take(key));
              }
            }
          });
      audit.sums((resource, account, sku, book, sum) ->
          differ(new TransitionAudit.Key(account, resource, sku, book), 0, sum));
    }

    private void differ(TransitionAudit.Key key, long fromUsage, long fromTransitions) {
      if (fromUsage != fromTransitions && differing.size() < DIFFERENCES_MAX) {
        differing.put(key, new long[] {fromUsage, fromTransitions});
      }
    }

    private List<Difference> differences() {
      List<Difference> differences = new ArrayList<>();
      for (TransitionAudit.Key key : differing.keySet().stream().sorted(ORDER).toList()) {
        long[] both = Objects.requireNonNull(differing.get(key));
        differences.add(
            new Difference(
                key.accountId(),
                key.resourceId(),
                key.sku(),
                key.priceBookId(),
                both[0],
                both[1],
                differences.size() < INTERVALS_NAMED_MAX
                    ? intervals.first(key.resourceId()).orElse(null)
                    : null));
      }
      return differences;
    }

    private List<String> wronglyRated() {
      List<String> wrong = new ArrayList<>();
      Set<String> accounts = new TreeSet<>(lines.keySet());
      accounts.addAll(units.keySet());
      for (String account : accounts) {
        Amount whole = Amount.ZERO;
        for (Map.Entry<PriceKey, Long> each : units.getOrDefault(account, Map.of()).entrySet()) {
          Price price =
              index.price(each.getKey().priceBookId(), Meter.INSTANCE_SECONDS, each.getKey().sku());
          whole =
              whole.plus(
                  Amount.of(price.rate().product(each.getValue()), price.meter().unitsPerPrice()));
        }
        if (!lines.getOrDefault(account, Amount.ZERO).equals(whole)) {
          wrong.add(account);
        }
      }
      return wrong;
    }
  }

  private boolean isSame(byte[] head) {
    return jdbc.sql("SELECT chain IS NULL OR chain = ? FROM billing.meter_cursor")
        .param(head)
        .query(Boolean.class)
        .single();
  }
}
