package brume.billing.pricing;

import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Keeps published price books. Publishing seals: from then on the database refuses any change.
public final class PriceBookStore {
  private static final Comparator<Price> ORDER =
      Comparator.comparing((Price price) -> price.meter().name()).thenComparing(Price::sku);

  private final JdbcTemplate batches;
  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Clock clock;

  public PriceBookStore(JdbcTemplate jdbc, TransactionOperations transaction, Clock clock) {
    this.batches = jdbc;
    this.jdbc = JdbcClient.create(jdbc);
    this.transaction = transaction;
    this.clock = clock;
  }

  /// Publishes a book unless it is already; two services that start at once publish it once.
  ///
  /// @throws IllegalStateException when another book has the id, or is in force at the same time
  public void publish(PriceBook book) {
    transaction.executeWithoutResult(status -> publishOnce(book));
  }

  /// The sealed books of a currency.
  public PriceSchedule schedule(String currency) {
    return new PriceSchedule(currency, books("currency = ? AND sealed_at IS NOT NULL", currency));
  }

  private void publishOnce(PriceBook book) {
    Instant now = clock.instant();
    int inserted =
        jdbc.sql(
                """
                INSERT INTO billing.price_book (id, currency, valid, created_at)
                VALUES (?, ?, tstzrange(?, ?), ?) ON CONFLICT (id) DO NOTHING
                """)
            .param(book.id())
            .param(book.currency())
            .param(SqlTime.in(book.validFrom()))
            .param(utcOrNull(book.validTo()))
            .param(SqlTime.in(now))
            .update();
    if (inserted == 0) {
      requireSame(book);
      return;
    }
    batches.batchUpdate(
        """
        INSERT INTO billing.price (price_book_id, meter, sku, micros_per_hour, minimum_seconds)
        VALUES (?, ?, ?, ?, ?)
        """,
        book.prices().stream()
            .map(price ->
                new Object[] {
                  book.id(),
                  price.meter().name(),
                  price.sku(),
                  price.microsPerHour(),
                  price.minimumSeconds()
                })
            .toList());
    jdbc.sql("UPDATE billing.price_book SET sealed_at = ? WHERE id = ?")
        .params(SqlTime.in(now), book.id())
        .update();
  }

  /// An end that was given to the published book since does not count as a difference.
  private void requireSame(PriceBook book) {
    PriceBook published = books("id = ?", book.id()).getFirst();
    boolean same =
        published.currency().equals(book.currency())
            && published.validFrom().equals(book.validFrom())
            && sorted(published).equals(sorted(book));
    if (!same) {
      throw new IllegalStateException(
          "price book "
              + book.id()
              + " is published with other prices: a published book never changes, so give the new"
              + " prices a new id and validFrom");
    }
  }

  private List<PriceBook> books(String condition, String parameter) {
    Map<String, List<Price>> prices = new LinkedHashMap<>();
    jdbc.sql(
            "SELECT p.* FROM billing.price p JOIN billing.price_book b ON b.id = p.price_book_id"
                + " WHERE "
                + condition)
        .param(parameter)
        .query(row -> {
          prices
              .computeIfAbsent(row.getString("price_book_id"), id -> new ArrayList<>())
              .add(
                  new Price(
                      Meter.named(row.getString("meter")),
                      row.getString("sku"),
                      row.getLong("micros_per_hour"),
                      row.getInt("minimum_seconds")));
        });
    return jdbc.sql(
            "SELECT id, currency, lower(valid) AS valid_from, upper(valid) AS valid_to"
                + " FROM billing.price_book WHERE "
                + condition)
        .param(parameter)
        .query((row, index) ->
            new PriceBook(
                row.getString("id"),
                row.getString("currency"),
                SqlTime.out(row, "valid_from"),
                SqlTime.outOrNull(row, "valid_to"),
                prices.getOrDefault(row.getString("id"), List.of())))
        .list();
  }

  private static List<Price> sorted(PriceBook book) {
    return book.prices().stream().sorted(ORDER).toList();
  }

  private static @Nullable Object utcOrNull(@Nullable Instant instant) {
    return instant == null ? null : SqlTime.in(instant);
  }
}
