package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import brume.billing.pricing.Portion;
import brume.billing.pricing.PriceBookStore;
import brume.billing.pricing.PriceIndex;
import brume.billing.rating.Charge;
import brume.billing.rating.Commitment;
import brume.billing.rating.Period;
import brume.billing.rating.Quantity;
import brume.billing.rating.Rating;
import brume.billing.rating.Statement;
import brume.billing.terms.AccountTerms;
import brume.billing.terms.TaxTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What an account pays for a month, from its usage as it stands: the one way to it, for the draft
/// and for what is issued. Reads in the caller's transaction, which must see one state.
public final class StatementReader {
  private static final String OF_ACCOUNT = "account_id = :account";

  private final JdbcClient jdbc;
  private final PriceBookStore books;
  private final TaxTable taxes;
  private final Currency currency;
  private final CorrectionReader corrections;

  public StatementReader(JdbcClient jdbc, PriceBookStore books, TaxTable taxes, Currency currency) {
    this.jdbc = jdbc;
    this.books = books;
    this.taxes = taxes;
    this.currency = currency;
    this.corrections = new CorrectionReader(jdbc, this);
  }

  private record Span(Instant start, Instant end, boolean running, long intervals) {}

  public String currency() {
    return currency.getCurrencyCode();
  }

  /// @param asOf what still runs is counted up to here
  /// @throws PriceMissing when something has no price
  public Statement read(String accountId, Period period, Instant asOf, AccountTerms terms) {
    return Statement.of(
        usage(accountId, period, asOf),
        corrections.read(accountId, period),
        terms.discount(),
        terms.commitment(),
        taxes.of(terms),
        currency.getDefaultFractionDigits());
  }

  /// As [#read], of what was used alone: without corrections of other months and without what is
  /// missing to a commitment.
  public Statement used(String accountId, Period period, Instant asOf, AccountTerms terms) {
    return Statement.of(
        usage(accountId, period, asOf),
        List.of(),
        terms.discount(),
        new Commitment(0),
        taxes.of(terms),
        currency.getDefaultFractionDigits());
  }

  /// What an account used in a month, priced and not yet rounded.
  List<Charge> usage(String accountId, Period period, Instant asOf) {
    Map<String, Object> parameters = parameters(accountId, period, asOf);
    requirePrices(jdbc, OF_ACCOUNT, parameters);
    PriceIndex prices = new PriceIndex(books.schedule(currency()));
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
    List<List<Portion>> portions = Rating.portions(quantities);
    List<Charge> charges = new ArrayList<>();
    for (int i = 0; i < quantities.size(); i++) {
      Quantity quantity = quantities.get(i);
      Span span = spans.get(i);
      charges.add(
          new Charge(
              new Charge.Usage(
                  quantity,
                  portions.get(i),
                  span.start(),
                  span.end(),
                  span.running(),
                  span.intervals()),
              quantity.meter().service(),
              Rating.amount(quantity, portions.get(i))));
    }
    return charges;
  }

  Map<String, Object> parameters(String accountId, Period period, Instant asOf) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("account", accountId);
    parameters.put("currency", currency());
    parameters.put("from", SqlTime.in(period.start()));
    parameters.put("to", SqlTime.in(period.end()));
    parameters.put("asOf", SqlTime.in(asOf));
    return parameters;
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
}
