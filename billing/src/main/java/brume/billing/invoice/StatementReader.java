package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import brume.billing.pricing.Portion;
import brume.billing.pricing.PriceBookStore;
import brume.billing.pricing.PriceIndex;
import brume.billing.pricing.PriceSchedule;
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
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /// The same from a draft's usage, read by [#draftUsage].
  Statement read(
      String accountId, Period period, Instant asOf, DraftUsage usage, AccountTerms terms) {
    PriceSchedule schedule = schedule();
    List<UsageSum> sums = usage.sums();
    requirePrices(accountId, period, asOf, sums, schedule);
    return of(accountId, period, sums, new PriceIndex(schedule), true, terms);
  }

  DraftUsage draftUsage(String accountId, Period period, Instant asOf) {
    DraftUsage usage = new DraftUsage(accountId);
    jdbc.sql(SegmentSql.segments(OF_ACCOUNT))
        .params(parameters(accountId, period, asOf))
        .query(row -> {
          usage.add(row);
        });
    return usage;
  }

  /// The same of an account whose usage is added up already.
  ///
  /// @param corrected whether earlier invoices may have to be corrected
  Statement of(
      String accountId,
      Period period,
      List<UsageSum> sums,
      PriceIndex prices,
      boolean corrected,
      AccountTerms terms) {
    return Statement.of(
        charges(accountId, sums, prices),
        corrected ? corrections.read(accountId, period) : List.of(),
        terms.discount(),
        terms.commitment(),
        taxes.of(terms),
        currency.getDefaultFractionDigits());
  }

  /// Those of the accounts that have an earlier invoice of which something may have changed.
  Set<String> corrected(Collection<String> accounts, Period period) {
    return corrections.touched(accounts, period);
  }

  PriceSchedule schedule() {
    return books.schedule(currency());
  }

  /// What an account used in a month, priced and not yet rounded.
  List<Charge> usage(String accountId, Period period, Instant asOf) {
    PriceSchedule schedule = schedule();
    List<UsageSum> sums = sums(accountId, period, asOf);
    requirePrices(accountId, period, asOf, sums, schedule);
    return charges(accountId, sums, new PriceIndex(schedule));
  }

  private void requirePrices(
      String accountId, Period period, Instant asOf, List<UsageSum> sums, PriceSchedule schedule) {
    PriceCover cover = new PriceCover(schedule);
    if (!sums.stream().allMatch(cover::covers)) {
      requirePrices(accountId, period, asOf);
    }
  }

  List<UsageSum> sums(String accountId, Period period, Instant asOf) {
    List<UsageSum> sums = new ArrayList<>();
    jdbc.sql(SegmentSql.quantities(OF_ACCOUNT))
        .params(parameters(accountId, period, asOf))
        .query(row -> {
          sums.add(UsageSum.read(row));
          UsageSum.requireFew(accountId, sums.size());
        });
    return sums;
  }

  /// Throws where some second of an account's usage has no price.
  void requirePrices(String accountId, Period period, Instant asOf) {
    jdbc.sql(SegmentSql.unpriced(OF_ACCOUNT))
        .params(parameters(accountId, period, asOf))
        .query((row, index) ->
            new PriceMissing(
                row.getString("meter"), row.getString("sku"), SqlTime.out(row, "since").toString()))
        .optional()
        .ifPresent(missing -> {
          throw missing;
        });
  }

  private static List<Charge> charges(String accountId, List<UsageSum> sums, PriceIndex prices) {
    UsageSum.requireFew(accountId, sums.size());
    List<Quantity> quantities = sums.stream().map(sum -> sum.quantity(prices)).toList();
    List<List<Portion>> portions = Rating.portions(quantities);
    List<Charge> charges = new ArrayList<>();
    for (int i = 0; i < quantities.size(); i++) {
      Quantity quantity = quantities.get(i);
      UsageSum sum = sums.get(i);
      charges.add(
          new Charge(
              new Charge.Usage(
                  quantity,
                  portions.get(i),
                  sum.start(),
                  sum.end(),
                  sum.running(),
                  sum.runningSize(),
                  sum.intervals()),
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

  static Quantity quantity(ResultSet row, PriceIndex prices) throws SQLException {
    String book = row.getString("price_book_id");
    return new Quantity(
        row.getString("resource_id"),
        book,
        prices.price(book, Meter.named(row.getString("meter")), row.getString("sku")),
        row.getLong("seconds"),
        row.getLong("minimum_seconds"),
        row.getLong("units"));
  }
}
