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
import java.util.Objects;
import java.util.Optional;
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

  /// What publishing a book does.
  ///
  /// @param replaces the book that ends when this one begins; null when there is none
  /// @param published false where it was before
  public record Publication(
      PriceBook book, @Nullable String replaces, PriceDiff diff, boolean published) {}

  /// Publishes a book unless it is already; two services that start at once publish it once. The
  /// book before it ends when it begins, which must then be in the future.
  ///
  /// @throws PriceBookRefused when another book has the id, or is in force at the same time
  public Publication publish(PriceBook book) {
    return Objects.requireNonNull(transaction.execute(status -> publishOnce(book)));
  }

  /// What publishing it would do, without doing it.
  public Publication tryOut(PriceBook book) {
    return Objects.requireNonNull(
        transaction.execute(status -> {
          Publication publication = publishOnce(book);
          status.setRollbackOnly();
          return publication;
        }));
  }

  /// A published book.
  public Optional<PriceBook> find(String id) {
    return books("id = ? AND sealed_at IS NOT NULL", id).stream().findFirst();
  }

  /// The sealed books of a currency.
  public PriceSchedule schedule(String currency) {
    return new PriceSchedule(currency, books("currency = ? AND sealed_at IS NOT NULL", currency));
  }

  private Publication publishOnce(PriceBook book) {
    Instant now = clock.instant();
    // Two that publish at once take turns: what a book replaces is decided by what is there.
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('billing.price_book'))").query(row -> {});
    Optional<PriceBook> published = books("id = ?", book.id()).stream().findFirst();
    PriceBook before = before(book);
    PriceDiff diff = PriceDiff.between(before, book);
    String replaces = before == null ? null : before.id();
    if (published.isPresent()) {
      requireSame(book, published.get());
      return new Publication(published.get(), replaces, diff, false);
    }
    makeRoom(book, before, now);
    insert(book, now);
    return new Publication(book, replaces, diff, true);
  }

  /// The book of the currency that is in force when this one begins, or was last.
  private @Nullable PriceBook before(PriceBook book) {
    return books("currency = ?", book.currency()).stream()
        .filter(other -> other.validFrom().isBefore(book.validFrom()))
        .max(Comparator.comparing(PriceBook::validFrom))
        .orElse(null);
  }

  private void makeRoom(PriceBook book, @Nullable PriceBook before, Instant now) {
    Instant bookEnd = book.validTo();
    for (PriceBook other : books("currency = ?", book.currency())) {
      Instant otherEnd = other.validTo();
      boolean apart =
          (otherEnd != null && !otherEnd.isAfter(book.validFrom()))
              || (bookEnd != null && !bookEnd.isAfter(other.validFrom()));
      if (apart) {
        continue;
      }
      if (!other.equals(before) || otherEnd != null) {
        throw new PriceBookRefused(
            "validFrom",
            "price book "
                + other.id()
                + " is in force from "
                + other.validFrom()
                + " to "
                + (otherEnd == null ? "further notice" : otherEnd)
                + ": two books of a currency are never in force at once");
      }
      if (!book.validFrom().isAfter(now)) {
        throw new PriceBookRefused(
            "validFrom",
            "validFrom must be after now, "
                + now
                + ": price book "
                + other.id()
                + " is in force, and what is used is priced already");
      }
      jdbc.sql("UPDATE billing.price_book SET valid = tstzrange(lower(valid), ?) WHERE id = ?")
          .params(SqlTime.in(book.validFrom()), other.id())
          .update();
    }
  }

  private void insert(PriceBook book, Instant now) {
    jdbc.sql(
            """
            INSERT INTO billing.price_book (id, currency, valid, created_at)
            VALUES (?, ?, tstzrange(?, ?), ?)
            """)
        .param(book.id())
        .param(book.currency())
        .param(SqlTime.in(book.validFrom()))
        .param(utcOrNull(book.validTo()))
        .param(SqlTime.in(now))
        .update();
    batches.batchUpdate(
        """
        INSERT INTO billing.price (price_book_id, meter, sku, micros, minimum_seconds, model,
          free_units, tier_from, tier_micros)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        book.prices().stream()
            .map(price -> RateRow.of(price.rate()).row(book.id(), price))
            .toList());
    jdbc.sql("UPDATE billing.price_book SET sealed_at = ? WHERE id = ?")
        .params(SqlTime.in(now), book.id())
        .update();
  }

  /// An end that was given to the published book since does not count as a difference.
  private static void requireSame(PriceBook book, PriceBook published) {
    boolean same =
        published.currency().equals(book.currency())
            && published.validFrom().equals(book.validFrom())
            && sorted(published).equals(sorted(book));
    if (!same) {
      throw new PriceBookRefused(
          "id",
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
                      RateRow.read(row).rate(),
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
