package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import brume.billing.pricing.PriceBookStore;
import brume.billing.pricing.PriceIndex;
import brume.billing.rating.Period;
import brume.billing.rating.Quantity;
import brume.billing.rating.Rating;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// An account's invoice of a month, from its usage as it stands. Reads one snapshot, so that the
/// meter may move while it does.
public final class InvoiceQueries {
  private static final String OF_ACCOUNT = "account_id = :account";

  private final JdbcClient jdbc;
  private final TransactionOperations snapshot;
  private final PriceBookStore books;
  private final Currency currency;

  /// @param snapshot read-only transactions that see one state (REPEATABLE READ)
  public InvoiceQueries(
      JdbcClient jdbc, TransactionOperations snapshot, PriceBookStore books, Currency currency) {
    this.jdbc = jdbc;
    this.books = books;
    this.snapshot = snapshot;
    this.currency = currency;
  }

  private record Span(Instant start, Instant end, boolean running, long intervals) {}

  private record LineKey(String resourceId, String meter, String sku, String priceBookId) {}

  /// The invoice of the month that `now` is in, up to the whole second.
  ///
  /// @throws PriceMissing when something has no price
  public Invoice current(String accountId, @Nullable String accountName, Instant now) {
    Instant asOf = now.truncatedTo(ChronoUnit.SECONDS);
    return draft(accountId, accountName, Period.monthOf(asOf), asOf);
  }

  /// @param asOf what still runs is counted up to here
  public Invoice draft(
      String accountId, @Nullable String accountName, Period period, Instant asOf) {
    return Objects.requireNonNull(
        snapshot.execute(status -> read(accountId, accountName, period, asOf)));
  }

  private Invoice read(
      String accountId, @Nullable String accountName, Period period, Instant asOf) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("account", accountId);
    parameters.put("currency", currency.getCurrencyCode());
    parameters.put("from", SqlTime.in(period.start()));
    parameters.put("to", SqlTime.in(period.end()));
    parameters.put("asOf", SqlTime.in(asOf));
    requirePrices(jdbc, OF_ACCOUNT, parameters);

    PriceIndex prices = new PriceIndex(books.schedule(currency.getCurrencyCode()));
    List<Quantity> quantities = new ArrayList<>();
    List<Span> spans = new ArrayList<>();
    jdbc.sql(SegmentSql.quantities(OF_ACCOUNT))
        .params(parameters)
        .param("limit", Invoice.LINES_MAX + 1)
        .query(row -> {
          quantities.add(quantity(row, prices));
          spans.add(
              new Span(
                  SqlTime.out(row, "start_at"),
                  SqlTime.out(row, "end_at"),
                  row.getBoolean("running"),
                  row.getLong("intervals")));
        });
    if (quantities.size() > Invoice.LINES_MAX) {
      throw new IllegalStateException(
          "account " + accountId + " has more than " + Invoice.LINES_MAX + " lines");
    }
    Rating rating = Rating.of(quantities, currency.getDefaultFractionDigits());
    Map<LineKey, List<Invoice.Interval>> intervals = intervals(parameters);
    Map<String, String> names = names(accountId, quantities);
    List<Invoice.Line> lines = new ArrayList<>();
    for (int i = 0; i < quantities.size(); i++) {
      Rating.Line rated = rating.lines().get(i);
      Quantity quantity = rated.quantity();
      Span span = spans.get(i);
      lines.add(
          new Invoice.Line(
              LineId.of(accountId, period, quantity),
              quantity.meter().service(),
              quantity.resourceId(),
              names.get(quantity.resourceId()),
              quantity.meter().name(),
              quantity.sku(),
              quantity.priceBookId(),
              span.start(),
              span.running() ? null : span.end(),
              quantity.seconds(),
              quantity.minimumSeconds(),
              Money.micros(quantity.price().rate().listMicros()),
              Money.text(rated.exact()),
              Money.text(rated.amount()),
              intervals.getOrDefault(key(quantity), List.of()),
              span.intervals()));
    }
    return new Invoice(
        accountId,
        accountName,
        Invoice.DRAFT,
        period,
        asOf,
        currency.getCurrencyCode(),
        lines,
        rating.subtotals().stream()
            .map(subtotal ->
                new Invoice.Subtotal(
                    subtotal.service(),
                    subtotal.seconds(),
                    Money.text(subtotal.exact()),
                    Money.text(subtotal.amount())))
            .toList(),
        Money.text(rating.exactTotal()),
        Money.text(rating.rounding()),
        Money.text(rating.total()));
  }

  static void requirePrices(JdbcClient jdbc, String condition, Map<String, Object> parameters) {
    jdbc.sql(SegmentSql.unpriced(condition))
        .params(parameters)
        .query((row, index) ->
            new PriceMissing(
                row.getString("meter"), row.getString("sku"), SqlTime.out(row, "since").toString()))
        .optional()
        .ifPresent(missing -> {
          throw missing;
        });
  }

  static Quantity quantity(ResultSet row, PriceIndex prices) throws SQLException {
    String book = row.getString("price_book_id");
    return new Quantity(
        row.getString("resource_id"),
        book,
        prices.price(book, Meter.named(row.getString("meter")), row.getString("sku")),
        row.getLong("seconds"),
        row.getLong("minimum_seconds"));
  }

  private static LineKey key(Quantity quantity) {
    return new LineKey(
        quantity.resourceId(), quantity.meter().name(), quantity.sku(), quantity.priceBookId());
  }

  private Map<LineKey, List<Invoice.Interval>> intervals(Map<String, Object> parameters) {
    Map<LineKey, List<Invoice.Interval>> intervals = new HashMap<>();
    jdbc.sql(SegmentSql.intervals(OF_ACCOUNT))
        .params(parameters)
        .param("newest", Invoice.INTERVALS_MAX)
        .query(row -> {
          LineKey key =
              new LineKey(
                  row.getString("resource_id"),
                  row.getString("meter"),
                  row.getString("sku"),
                  row.getString("price_book_id"));
          intervals
              .computeIfAbsent(key, each -> new ArrayList<>())
              .add(
                  new Invoice.Interval(
                      UsageId.of(row.getLong("opened_seq")),
                      SqlTime.out(row, "start_at"),
                      row.getBoolean("running") ? null : SqlTime.out(row, "end_at"),
                      row.getLong("seconds"),
                      row.getLong("minimum_seconds")));
        });
    return intervals;
  }

  private Map<String, String> names(String accountId, List<Quantity> quantities) {
    Map<String, String> names = new HashMap<>();
    jdbc.sql(
            """
            SELECT instance_id, name FROM compute.billable_instance
            WHERE account_id = ? AND instance_id = ANY (?::text[]) AND name IS NOT NULL
            """)
        .params(
            accountId,
            quantities.stream().map(Quantity::resourceId).distinct().toArray(String[]::new))
        .query(row -> {
          names.put(row.getString("instance_id"), row.getString("name"));
        });
    return names;
  }
}
