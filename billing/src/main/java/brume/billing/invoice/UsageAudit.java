package brume.billing.invoice;

import brume.billing.meter.Meter;
import brume.billing.meter.TransitionSource;
import brume.billing.rating.Period;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  private static final int INTERVALS_NAMED_MAX = 100;

  private final JdbcClient jdbc;
  private final TransactionOperations snapshot;
  private final List<TransitionSource> sources;
  private final StatementReader statements;
  private final UsageSums usage;
  private final DifferingInterval intervals;
  private final int resourcesAtOnce;

  /// @param snapshot read-only transactions that see one state (REPEATABLE READ)
  /// @param resourcesAtOnce how many are kept in memory
  public UsageAudit(
      JdbcTemplate jdbc,
      TransactionOperations snapshot,
      List<TransitionSource> sources,
      StatementReader statements,
      int resourcesAtOnce) {
    this.jdbc = JdbcClient.create(jdbc);
    this.snapshot = snapshot;
    this.sources = List.copyOf(sources);
    this.statements = statements;
    this.usage = new SqlUsageSums(jdbc, statements);
    this.intervals = new DifferingInterval(jdbc, sources);
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
      String meter,
      String sku,
      String priceBookId,
      long fromUsage,
      long fromTransitions,
      @Nullable Period interval) {}

  /// How far the logs were compared: the scheduler's, and that of all else.
  public record Through(long seq, long resourcesSeq) {}

  /// @param through the logs up to here were compared
  /// @param resources how many were used, each price by itself
  /// @param differences empty when all is well
  /// @param wronglySummed the first issued invoices whose sums for reports are not their lines'
  /// @param logIsWhole no transition changed after it was metered: the chain of digests is the same
  /// @param wronglyRated accounts whose lines do not add up to what their units cost
  public record Verdict(
      Through through,
      long transitions,
      int resources,
      List<Difference> differences,
      List<String> wronglyRated,
      List<String> wronglySummed,
      boolean logIsWhole) {
    public boolean agrees() {
      return differences.isEmpty()
          && wronglyRated.isEmpty()
          && wronglySummed.isEmpty()
          && logIsWhole;
    }
  }

  /// All accounts, as far as the meter has read.
  ///
  /// @throws MonthArchived where the period's usage is in a file
  public Verdict check(Period period, Instant asOf) {
    new ArchivedMonths(jdbc).refuse(period.start(), period.end());
    return Objects.requireNonNull(snapshot.execute(status -> compare(period, asOf)));
  }

  private Verdict compare(Period period, Instant asOf) {
    AuditPass pass = new AuditPass(statements.schedule(), period, asOf, resourcesAtOnce);
    Map<String, Long> cursors = new HashMap<>();
    long count = 0;
    boolean whole = true;
    try (UsageBeside beside = new UsageBeside(jdbc, snapshot, usage)) {
      beside.start(period, asOf, pass::compare);
      for (TransitionSource source : sources) {
        long cursor = cursor(source);
        cursors.put(source.name(), cursor);
        try (ChainThread chain = new ChainThread()) {
          count += pass.read(source, cursor, chain::add);
          whole &= isSame(source, chain.head());
        }
      }
      pass.end();
      beside.finish();
    }
    pass.rest();
    for (int part = 1; part < pass.parts(); part++) {
      pass.next(part);
      for (TransitionSource source : sources) {
        pass.read(source, Objects.requireNonNull(cursors.get(source.name())), fact -> {});
      }
      pass.end();
      usage.each(period, asOf, UsageSums.Accounts.ALL, pass::compare);
      pass.rest();
    }
    return new Verdict(
        new Through(
            cursors.getOrDefault(TransitionSource.INSTANCES, 0L),
            cursors.getOrDefault(TransitionSource.RESOURCES, 0L)),
        count,
        pass.resources(),
        named(pass.differences()),
        pass.wronglyRated(),
        new MonthSums(jdbc).wrong(period),
        whole);
  }

  /// With where they differ, as long as there are few.
  private List<Difference> named(List<Difference> differences) {
    List<Difference> named = new ArrayList<>();
    for (Difference each : differences) {
      named.add(
          named.size() < INTERVALS_NAMED_MAX
              ? new Difference(
                  each.accountId(),
                  each.resourceId(),
                  each.meter(),
                  each.sku(),
                  each.priceBookId(),
                  each.fromUsage(),
                  each.fromTransitions(),
                  intervals.first(each.resourceId(), Meter.named(each.meter())).orElse(null))
              : each);
    }
    return named;
  }

  private long cursor(TransitionSource source) {
    return jdbc.sql("SELECT seq FROM billing.meter_cursor WHERE log = ?")
        .param(source.name())
        .query(Long.class)
        .single();
  }

  private boolean isSame(TransitionSource source, byte[] head) {
    return jdbc.sql("SELECT chain IS NULL OR chain = ? FROM billing.meter_cursor WHERE log = ?")
        .params(head, source.name())
        .query(Boolean.class)
        .single();
  }
}
