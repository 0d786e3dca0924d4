package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.meter.TransitionSource;
import brume.billing.pricing.PriceBookStore;
import brume.billing.rating.Amount;
import brume.billing.rating.Period;
import brume.billing.rating.TransitionAudit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Compares what usage records cost with what the raw transitions cost, for each account and
/// resource, to the last part of a micro-unit. Any difference is a bug and must stop an invoice.
public final class UsageAudit {
  private static final int BATCH = 10_000;
  private static final Comparator<TransitionAudit.Key> ORDER =
      Comparator.comparing(TransitionAudit.Key::accountId)
          .thenComparing(TransitionAudit.Key::resourceId);

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

  /// @param fromUsage what the account would be billed for the resource
  /// @param fromTransitions what its log says
  public record Difference(
      String accountId, String resourceId, Amount fromUsage, Amount fromTransitions) {}

  /// @param resources how many had a cost
  /// @param differences empty when all is well
  public record Verdict(long transitions, int resources, List<Difference> differences) {}

  /// All accounts, as far as the meter has read.
  public Verdict check(Period period, Instant asOf) {
    return Objects.requireNonNull(snapshot.execute(status -> compare(period, asOf)));
  }

  private Verdict compare(Period period, Instant asOf) {
    TransitionAudit audit =
        new TransitionAudit(Meter.INSTANCE_SECONDS, prices.schedule(currency), period);
    long cursor = jdbc.sql("SELECT seq FROM billing.meter_cursor").query(Long.class).single();
    long seq = 0;
    long count = 0;
    List<Transition> batch;
    do {
      batch = source.after(seq, BATCH);
      for (Transition transition : batch) {
        seq = transition.seq();
        if (seq <= cursor) {
          audit.accept(transition);
          count++;
        }
      }
    } while (seq < cursor && !batch.isEmpty());
    Map<TransitionAudit.Key, Amount> fromTransitions = audit.totals(asOf);
    Map<TransitionAudit.Key, Amount> fromUsage = fromUsage(period, asOf);
    Set<TransitionAudit.Key> keys = new TreeSet<>(ORDER);
    keys.addAll(fromTransitions.keySet());
    keys.addAll(fromUsage.keySet());
    List<Difference> differences = new ArrayList<>();
    for (TransitionAudit.Key key : keys) {
      Amount usage = fromUsage.getOrDefault(key, Amount.ZERO);
      Amount transitions = fromTransitions.getOrDefault(key, Amount.ZERO);
      if (!usage.equals(transitions)) {
        differences.add(new Difference(key.accountId(), key.resourceId(), usage, transitions));
      }
    }
    return new Verdict(count, keys.size(), differences);
  }

  private Map<TransitionAudit.Key, Amount> fromUsage(Period period, Instant asOf) {
    Map<TransitionAudit.Key, Amount> sums = new HashMap<>();
    Map<String, Object> parameters =
        Map.of(
            "currency", currency,
            "from", SqlTime.in(period.start()),
            "to", SqlTime.in(period.end()),
            "asOf", SqlTime.in(asOf));
    InvoiceQueries.requirePrices(jdbc, "true", parameters);
    jdbc.sql(SegmentSql.quantities("true"))
        .params(parameters)
        .param("limit", Long.MAX_VALUE)
        .query(row -> {
          sums.merge(
              new TransitionAudit.Key(row.getString("account_id"), row.getString("resource_id")),
              InvoiceQueries.quantity(row).amount(),
              Amount::plus);
        });
    return sums;
  }
}
