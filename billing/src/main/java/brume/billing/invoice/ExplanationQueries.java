package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import brume.billing.pricing.Portion;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.PriceBookStore;
import brume.billing.rating.Amount;
import brume.billing.rating.Charge;
import brume.billing.rating.Period;
import brume.billing.rating.Rounding;
import brume.billing.rating.Statement;
import brume.billing.terms.TermsStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Walks a line of the draft or of an issued invoice back to what caused it.
public final class ExplanationQueries {
  private static final int UNROUNDED_DECIMALS = 18;
  private static final String OF_RESOURCE = "account_id = :account AND resource_id = :resource";
  private static final String RULE =
      "the invoice's exact sum is rounded once, half to even, to six decimals and to the coin; each"
          + " line gets its own rounded down, and what is left goes one by one to the lines that lost"
          + " most";

  private final JdbcClient jdbc;
  private final FactQueries facts;
  private final TransactionOperations snapshot;
  private final StatementReader statements;
  private final PriceBookStore books;
  private final TermsStore terms;

  /// @param snapshot read-only transactions that see one state (REPEATABLE READ)
  public ExplanationQueries(
      JdbcClient jdbc,
      TransactionOperations snapshot,
      StatementReader statements,
      PriceBookStore books,
      TermsStore terms) {
    this.jdbc = jdbc;
    this.facts = new FactQueries(jdbc);
    this.snapshot = snapshot;
    this.statements = statements;
    this.books = books;
    this.terms = terms;
  }

  /// What is explained.
  private record Line(
      String id,
      @Nullable String invoiceId,
      String accountId,
      Period period,
      Instant asOf,
      String resourceId,
      Price price,
      String priceBookId,
      List<Portion> portions,
      long units,
      BigDecimal exact,
      BigDecimal amount,
      long intervals) {}

  /// A line of the month that `now` is in; empty when it has none of this name, or it is no usage.
  public Optional<Explanation> ofDraft(String accountId, String lineId, Instant now) {
    Instant asOf = now.truncatedTo(ChronoUnit.SECONDS);
    Period period = Period.monthOf(asOf);
    return Objects.requireNonNull(
        snapshot.execute(status ->
            statements.read(accountId, period, asOf, terms.of(accountId)).lines().stream()
                .flatMap(line -> draftLine(accountId, period, asOf, line))
                .filter(line -> line.id().equals(lineId))
                .findFirst()
                .map(this::explain)));
  }

  private static Stream<Line> draftLine(
      String accountId, Period period, Instant asOf, Statement.Line line) {
    if (!(line.charge().of() instanceof Charge.Usage usage)) {
      return Stream.empty();
    }
    return Stream.of(
        new Line(
            LineId.of(accountId, period, usage),
            null,
            accountId,
            period,
            asOf,
            usage.quantity().resourceId(),
            usage.quantity().price(),
            usage.quantity().priceBookId(),
            usage.portions(),
            usage.quantity().units(),
            line.exact(),
            line.amount(),
            usage.intervals()));
  }

  /// A line of an issued invoice.
  public Optional<Explanation> ofIssued(Invoice head, IssuedLine line) {
    if (!line.isUsage()) {
      return Optional.empty();
    }
    String book = Objects.requireNonNull(line.priceBookId());
    Price price =
        books
            .find(book)
            .flatMap(found ->
                found.price(
                    Objects.requireNonNull(line.meter()), Objects.requireNonNull(line.sku())))
            .orElseThrow();
    Line about =
        new Line(
            line.id(),
            head.id(),
            head.accountId(),
            head.period(),
            head.period().closedAsOf(),
            Objects.requireNonNull(line.resourceId()),
            price,
            book,
            line.portions(),
            line.units(),
            line.exact(),
            line.amount(),
            line.intervals());
    return Optional.of(Objects.requireNonNull(snapshot.execute(status -> explain(about))));
  }

  private Explanation explain(Line line) {
    new ArchivedMonths(jdbc).refuse(line.period().start(), line.period().end());
    PriceBook book = books.find(line.priceBookId()).orElseThrow();
    Amount parts =
        line.portions().stream()
            .map(portion -> Amount.of(portion, line.price().meter().unitsPerPrice()))
            .reduce(Amount.ZERO, Amount::plus);
    BigDecimal unrounded = Rounding.round(parts, UNROUNDED_DECIMALS);
    List<Invoice.Interval> intervals = intervals(line);
    List<Explanation.Step> steps = steps(line, intervals);
    long seen = intervals.stream().mapToLong(each -> each.units() == null ? 0 : each.units()).sum();
    boolean all = intervals.size() < Explanation.INTERVALS_MAX;
    return new Explanation(
        line.id(),
        line.invoiceId(),
        line.resourceId(),
        line.price().meter().name(),
        line.price().sku(),
        new Explanation.PriceVersion(
            book.id(), book.validFrom(), book.validTo(), line.price().text()),
        line.portions().stream()
            .map(portion -> new Invoice.Portion(portion.units(), Money.micros(portion.micros())))
            .toList(),
        line.units(),
        Money.text(unrounded),
        Money.text(line.exact()),
        Money.text(line.amount()),
        new Explanation.Rounding(
            RULE,
            Money.text(line.exact().subtract(unrounded)),
            Money.text(line.amount().subtract(unrounded))),
        steps,
        line.intervals(),
        all && seen != line.units());
  }

  private List<Invoice.Interval> intervals(Line line) {
    List<Invoice.Interval> intervals = new ArrayList<>();
    jdbc.sql(SegmentSql.intervals(OF_RESOURCE))
        .params(statements.parameters(line.accountId(), line.period(), line.asOf()))
        .param("resource", line.resourceId())
        .param("newest", Explanation.INTERVALS_MAX)
        .query(row -> {
          if (row.getString("price_book_id").equals(line.priceBookId())
              && row.getString("sku").equals(line.price().sku())
              && row.getString("meter").equals(line.price().meter().name())) {
            intervals.add(
                new Invoice.Interval(
                    UsageId.of(line.price().meter(), row.getLong("opened_seq")),
                    SqlTime.out(row, "start_at"),
                    row.getBoolean("running") ? null : SqlTime.out(row, "end_at"),
                    row.getLong("seconds"),
                    row.getLong("minimum_seconds"),
                    row.getLong("units")));
          }
        });
    return intervals;
  }

  private List<Explanation.Step> steps(Line line, List<Invoice.Interval> intervals) {
    Long[] opened =
        intervals.stream().map(each -> UsageId.openedSeq(each.usageId())).toArray(Long[]::new);
    Map<Long, Long> closedBy = closedBy(line.resourceId(), line.price().meter(), opened);
    Map<Long, Explanation.Fact> found =
        facts.of(
            line.price().meter(),
            line.resourceId(),
            Stream.concat(Stream.of(opened), closedBy.values().stream()).toArray(Long[]::new));
    List<Explanation.Step> steps = new ArrayList<>();
    for (int i = 0; i < opened.length; i++) {
      Invoice.Interval each = intervals.get(i);
      Explanation.Fact begin = found.get(opened[i]);
      if (begin == null) {
        throw new IllegalStateException("the log has no transition " + opened[i]);
      }
      Long end = closedBy.get(opened[i]);
      steps.add(
          new Explanation.Step(
              each.usageId(),
              each.start(),
              each.end(),
              each.seconds(),
              each.minimumSeconds(),
              each.units() == null ? null : Invoice.units(line.price().meter(), each.units()),
              begin,
              end == null ? null : found.get(end)));
    }
    return steps;
  }

  private Map<Long, Long> closedBy(String resourceId, Meter meter, Long[] opened) {
    Map<Long, Long> closedBy = new HashMap<>();
    jdbc.sql(
            """
            SELECT opened_seq, closed_seq FROM billing.usage
            WHERE resource_id = ? AND meter = ? AND opened_seq = ANY (?)
            """)
        .params(resourceId, meter.name(), opened)
        .query(row -> {
          closedBy.put(row.getLong("opened_seq"), row.getLong("closed_seq"));
        });
    return closedBy;
  }
}
