package brume.billing.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.Seeds;
import brume.billing.meter.Meter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Published prices stay as they are, whoever tries: the service, its role, and the owner.
class PriceBookDbTest {
  private static final BillingFixture SEALED = new BillingFixture(Books.plain());

  @Test
  void aBookIsPublishedOnceByAllWhoStartTogether() throws Exception {
    BillingFixture billing = new BillingFixture();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> starts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        starts.add(threads.submit(() -> billing.prices.publish(Books.plain())));
      }
      for (Future<?> start : starts) {
        start.get();
      }
    }
    assertThat(billing.prices.schedule("USD").books()).containsExactly(Books.plain());
  }

  @Test
  void theSameIdWithOtherPricesIsRefused() {
    PriceBook dearer = Books.book("plain", "2026-01-01T00:00:00Z", null, 4001, 16001, 1);
    assertThatThrownBy(() -> SEALED.prices.publish(dearer))
        .hasMessageContaining("price book plain is published with other prices");
  }

  @Test
  void twoBooksAreNeverInForceAtOnce() {
    BillingFixture billing = new BillingFixture(Books.plain());
    PriceBook early = Books.book("second", "2026-11-22T12:00:00Z", null, 1, 1, 1);
    assertThatThrownBy(() -> billing.prices.publish(early))
        .hasMessageContaining("validFrom must be after now")
        .hasMessageContaining("price book plain is in force");
    PriceBook next = Books.book("second", "2036-12-01T00:00:00Z", null, 4000, 1, 1);
    PriceBookStore.Publication dry = billing.prices.tryOut(next);
    assertThat(dry.replaces()).isEqualTo("plain");
    assertThat(dry.diff().changes())
        .containsExactly(
            new PriceDiff.Change("instance-seconds", Books.SMALL, "16001", "1", -100L));
    assertThat(billing.prices.schedule("USD").books()).containsExactly(Books.plain());

    assertThat(billing.prices.publish(next).published()).isTrue();
    assertThat(billing.prices.publish(next).published()).as("once").isFalse();
    assertThat(billing.prices.publish(Books.plain()).published()).isFalse();
    assertThat(billing.prices.find("plain").orElseThrow().validTo())
        .isEqualTo("2036-12-01T00:00:00Z");
    PriceBook between = Books.book("third", "2036-06-01T00:00:00Z", null, 1, 1, 1);
    assertThatThrownBy(() -> billing.prices.publish(between))
        .hasMessageContaining("two books of a currency are never in force at once");
    assertThatThrownBy(() ->
            billing.owner.update(
                "UPDATE billing.price_book SET valid = tstzrange(lower(valid), NULL)"
                    + " WHERE id = 'plain'"))
        .as("the constraint says the same")
        .hasStackTraceContaining("is sealed");
    assertThat(billing.prices.schedule("USD").books())
        .extracting(PriceBook::id)
        .containsExactly("plain", "second");
  }

  @Test
  void everyModelIsKeptAsItWas() {
    BillingFixture billing = new BillingFixture();
    Seeds.each(
        20,
        random -> {
          billing.owner.execute(
              """
              SET session_replication_role = replica;
              DELETE FROM billing.price; DELETE FROM billing.price_book;
              SET session_replication_role = origin
              """);
          List<Price> prices = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            prices.add(
                new Price(
                    Meter.INSTANCE_SECONDS, "sku" + i, Rates.any(random), 1 + random.nextInt(100)));
          }
          PriceBook book =
              new PriceBook("models", "USD", Instant.parse("2026-01-01T00:00:00Z"), null, prices);
          billing.prices.publish(book);
          assertThat(billing.prices.publish(book).published()).as("the same").isFalse();
          assertThat(new HashSet<>(billing.prices.find("models").orElseThrow().prices()))
              .isEqualTo(new HashSet<>(prices));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE billing.price SET micros = 1",
        "DELETE FROM billing.price",
        "INSERT INTO billing.price (price_book_id, meter, sku, micros, tier_from, tier_micros)"
            + " VALUES ('plain', 'instance-seconds', 'e1.large', 1, '{0}', '{1}')",
        "DELETE FROM billing.price_book",
        "UPDATE billing.price_book SET currency = 'EUR'",
        "UPDATE billing.price_book SET sealed_at = NULL",
        "UPDATE billing.price_book SET valid = tstzrange('2025-01-01', NULL)",
        "UPDATE billing.price_book SET valid = tstzrange(lower(valid), '2026-02-01')"
      })
  void aSealedBookIsRefusedAnyChange(String sql) {
    assertThatThrownBy(() -> SEALED.owner.execute(sql)).hasStackTraceContaining("is sealed");
    assertThatThrownBy(() -> SEALED.jdbc.execute(sql))
        .satisfiesAnyOf(
            refusal -> assertThat(refusal).hasStackTraceContaining("is sealed"),
            refusal -> assertThat(refusal).hasStackTraceContaining("permission denied"));
  }
}
