package brume.billing.invoice;

import brume.billing.CopyQuery;
import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import brume.billing.pricing.PriceIndex;
import brume.billing.rating.Quantity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one resource used at one price in a period, as the database adds it up.
///
/// @param priceBookId null where there is no price
/// @param end exclusive
/// @param units what is charged, in the meter's units
/// @param running it goes on
/// @param runningSize how much goes on: so many units are used in each second
/// @param since when the first of its runs began, before the period perhaps
/// @param until when the last of its intervals ended, after the period perhaps
record UsageSum(
    String accountId,
    String resourceId,
    String meter,
    String sku,
    @Nullable String priceBookId,
    Instant start,
    Instant end,
    boolean running,
    long runningSize,
    long seconds,
    long minimumSeconds,
    long units,
    long intervals,
    Instant since,
    Instant until) {
  static UsageSum read(ResultSet row) throws SQLException {
    return new UsageSum(
        row.getString("account_id"),
        row.getString("resource_id"),
        row.getString("meter"),
        row.getString("sku"),
        row.getString("price_book_id"),
        SqlTime.out(row, "start_at"),
        SqlTime.out(row, "end_at"),
        row.getBoolean("running"),
        row.getLong("running_size"),
        row.getLong("seconds"),
        row.getLong("minimum_seconds"),
        row.getLong("units"),
        row.getLong("intervals"),
        SqlTime.out(row, "since"),
        SqlTime.out(row, "until"));
  }

  /// The same from a stream.
  static UsageSum read(CopyQuery row) {
    String account = row.shared();
    String resource = row.text();
    String meter = row.shared();
    String sku = row.shared();
    String book = row.textOrNull();
    return new UsageSum(
        account,
        resource,
        meter,
        sku,
        book,
        row.time(),
        row.time(),
        row.bool(),
        row.bigint(),
        row.bigint(),
        row.bigint(),
        row.bigint(),
        row.bigint(),
        row.time(),
        row.time());
  }

  Quantity quantity(PriceIndex prices) {
    String book =
        Objects.requireNonNull(priceBookId, "usage without a price is refused before it is rated");
    return new Quantity(
        resourceId,
        book,
        prices.price(book, Meter.named(meter), sku),
        seconds,
        minimumSeconds,
        units);
  }

  static void requireFew(String accountId, int lines) {
    if (lines > Invoice.LINES_MAX) {
      throw new IllegalStateException(
          "account " + accountId + " has more than " + Invoice.LINES_MAX + " lines");
    }
  }
}
