package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.pricing.Portion;
import brume.billing.pricing.PriceBookStore;
import brume.billing.pricing.PriceIndex;
import brume.billing.rating.Amount;
import brume.billing.rating.Charge;
import brume.billing.rating.Period;
import brume.billing.rating.Quantity;
import brume.billing.rating.Rating;
import brume.billing.rating.Rounding;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The month's cost so far by service, type, instance, day or tag. Every second has the price that
/// the draft gives it, so that every grouping adds up to the same.
public final class CostQueries {
  private static final BigInteger SECONDS_PER_HOUR = BigInteger.valueOf(3600);

  private final JdbcClient jdbc;
  private final TransactionOperations snapshot;
  private final StatementReader statements;
  private final PriceBookStore books;

  /// @param snapshot read-only transactions that see one state (REPEATABLE READ)
  public CostQueries(
      JdbcClient jdbc,
      TransactionOperations snapshot,
      StatementReader statements,
      PriceBookStore books) {
    this.jdbc = jdbc;
    this.snapshot = snapshot;
    this.statements = statements;
    this.books = books;
  }

  /// What the cost is divided by.
  public sealed interface GroupBy permits Service, Type, Instance, Day, Tag {}

  public record Service() implements GroupBy {}

  public record Type() implements GroupBy {}

  public record Instance() implements GroupBy {}

  public record Day() implements GroupBy {}

  public record Tag(String key) implements GroupBy {}

  /// One piece of the cost.
  private record Piece(
      Optional<String> key, long seconds, Amount parts, Amount perHour, boolean running) {}

  /// @param resourceId only this one's; null for all of the account
  public CostSummary summary(
      String accountId, GroupBy groupBy, String shown, @Nullable String resourceId, Instant now) {
    Instant asOf = now.truncatedTo(ChronoUnit.SECONDS);
    Period period = Period.monthOf(asOf);
    return Objects.requireNonNull(
        snapshot.execute(status -> {
          List<Charge> charges = statements.usage(accountId, period, asOf);
          List<Charge> own =
              charges.stream()
                  .filter(charge ->
                      resourceId == null
                          || usage(charge).quantity().resourceId().equals(resourceId))
                  .toList();
          // Its share of the rounded sum, as on the invoice, and not itself rounded.
          boolean oneOfAll = groupBy instanceof Instance && resourceId != null;
          Map<String, String> names = groupBy instanceof Instance ? names(accountId) : Map.of();
          List<Piece> pieces =
              groupBy instanceof Day
                  ? byDay(accountId, period, asOf, resourceId)
                  : (oneOfAll ? charges : own).stream().map(keyed(accountId, groupBy)).toList();
          CostSummary summary = summary(period, asOf, shown, own, pieces, names);
          return oneOfAll ? only(summary, resourceId) : summary;
        }));
  }

  private static CostSummary only(CostSummary all, @Nullable String resourceId) {
    List<CostSummary.Group> groups =
        all.groups().stream().filter(group -> Objects.equals(group.key(), resourceId)).toList();
    String total = groups.isEmpty() ? money(Amount.ZERO) : groups.getFirst().exactAmount();
    long left = Duration.between(all.asOf(), all.period().end()).toSeconds();
    return new CostSummary(
        all.period(),
        all.asOf(),
        all.currency(),
        all.groupBy(),
        total,
        all.perHour(),
        new BigDecimal(total)
            .add(Rounding.ofHour(new BigDecimal(all.perHour()), left))
            .toPlainString(),
        groups);
  }

  private static Charge.Usage usage(Charge charge) {
    return (Charge.Usage) charge.of();
  }

  private Function<Charge, Piece> keyed(String accountId, GroupBy groupBy) {
    Map<String, String> tags = groupBy instanceof Tag tag ? tags(accountId, tag.key()) : Map.of();
    return charge -> {
      Charge.Usage usage = usage(charge);
      Quantity quantity = usage.quantity();
      Optional<String> key =
          switch (groupBy) {
            case Service service -> Optional.of(quantity.meter().service());
            case Type type -> Optional.of(quantity.sku());
            case Instance instance -> Optional.of(quantity.resourceId());
            case Tag tag -> Optional.ofNullable(tags.get(quantity.resourceId()));
            case Day day -> throw new IllegalArgumentException("days are cut elsewhere");
          };
      return new Piece(
          key, quantity.chargedSeconds(), charge.parts(), perHour(usage), usage.running());
    };
  }

  /// What the next hour costs, at the price of the last unit; what is counted is not foreseen.
  private static Amount perHour(Charge.Usage usage) {
    if (!usage.running()) {
      return Amount.ZERO;
    }
    List<Portion> portions = usage.portions();
    long micros =
        portions.isEmpty()
            ? usage.quantity().price().rate().listMicros()
            : portions.getLast().micros();
    return Amount.of(
        SECONDS_PER_HOUR
            .multiply(BigInteger.valueOf(usage.runningSize()))
            .multiply(BigInteger.valueOf(micros)),
        usage.quantity().meter().unitsPerPrice());
  }

  /// Days cut what a line adds up, so the tiers are filled in the order of time.
  private List<Piece> byDay(
      String accountId, Period period, Instant asOf, @Nullable String resourceId) {
    PriceIndex prices = new PriceIndex(books.schedule(statements.currency()));
    List<Quantity> quantities = new ArrayList<>();
    List<String> days = new ArrayList<>();
    jdbc.sql(SegmentSql.days("account_id = :account"))
        .params(statements.parameters(accountId, period, asOf))
        .query(row -> {
          quantities.add(StatementReader.quantity(row, prices));
          days.add(SqlTime.out(row, "day").toString().substring(0, 10));
        });
    List<List<Portion>> portions = Rating.portions(quantities);
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < quantities.size(); i++) {
      Quantity quantity = quantities.get(i);
      if (resourceId == null || quantity.resourceId().equals(resourceId)) {
        pieces.add(
            new Piece(
                Optional.of(days.get(i)),
                quantity.chargedSeconds(),
                Rating.amount(quantity, portions.get(i)),
                Amount.ZERO,
                false));
      }
    }
    return pieces;
  }

  private CostSummary summary(
      Period period,
      Instant asOf,
      String shown,
      List<Charge> charges,
      List<Piece> pieces,
      Map<String, String> names) {
    Amount total = sum(pieces.stream().map(Piece::parts).toList());
    Amount perHour = sum(charges.stream().map(charge -> perHour(usage(charge))).toList());
    Map<Optional<String>, List<Piece>> grouped = new LinkedHashMap<>();
    pieces.forEach(
        piece -> grouped.computeIfAbsent(piece.key(), key -> new ArrayList<>()).add(piece));
    List<Amount> amounts =
        grouped.values().stream()
            .map(each -> sum(each.stream().map(Piece::parts).toList()))
            .toList();
    List<BigDecimal> exact = Rounding.allocate(amounts, Rounding.EXACT_DECIMALS);
    List<CostSummary.Group> groups = new ArrayList<>();
    grouped.forEach((key, each) ->
        groups.add(
            new CostSummary.Group(
                key.orElse(null),
                key.map(names::get).orElse(null),
                each.stream().mapToLong(Piece::seconds).sum(),
                Money.text(exact.get(groups.size())),
                money(sum(each.stream().map(Piece::perHour).toList())),
                (int) each.stream().filter(Piece::running).count())));
    groups.sort(
        Comparator.comparing(
            CostSummary.Group::key, Comparator.nullsLast(Comparator.<String>naturalOrder())));
    return new CostSummary(
        period,
        asOf,
        statements.currency(),
        shown,
        money(total),
        money(perHour),
        money(total.plus(rest(perHour, Duration.between(asOf, period.end())))),
        groups);
  }

  /// `perHour` for so long: an hour's cost is a whole number of parts of a second.
  private static Amount rest(Amount perHour, Duration left) {
    return new Amount(
        perHour.parts().multiply(BigInteger.valueOf(left.toSeconds())).divide(SECONDS_PER_HOUR));
  }

  private static Amount sum(List<Amount> amounts) {
    return amounts.stream().reduce(Amount.ZERO, Amount::plus);
  }

  private static String money(Amount amount) {
    return Money.text(Rounding.round(amount, Rounding.EXACT_DECIMALS));
  }

  private Map<String, String> tags(String accountId, String key) {
    Map<String, String> tags = new HashMap<>();
    jdbc.sql(
            """
            SELECT resource_id, value FROM compute.billable_tag
            WHERE key = ? AND account_id = ?
            """)
        .params(key, accountId)
        .query(row -> {
          String value = row.getString("value");
          if (value != null) {
            tags.put(row.getString("resource_id"), value);
          }
        });
    return tags;
  }

  private Map<String, String> names(String accountId) {
    Map<String, String> names = new HashMap<>();
    jdbc.sql(
            """
            SELECT resource_id, name FROM compute.billable_resource
            WHERE account_id = ? AND name IS NOT NULL
            """)
        .param(accountId)
        .query(row -> {
          names.put(row.getString("resource_id"), row.getString("name"));
        });
    return names;
  }
}
