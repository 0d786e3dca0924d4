package brume.billing.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.BillingFixture;
import brume.billing.Books;
import java.util.ArrayList;
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
    PriceBook early = Books.book("second", "2026-12-01T00:00:00Z", null, 1, 1, 1);
    assertThatThrownBy(() -> billing.prices.publish(early))
        .hasStackTraceContaining("price_book_currency_valid_excl");
    billing.jdbc.update(
        "UPDATE billing.price_book SET valid = tstzrange(lower(valid), '2036-12-01T00:00:00Z')");
    billing.prices.publish(Books.book("second", "2036-12-01T00:00:00Z", null, 1, 1, 1));
    billing.prices.publish(Books.plain());
    assertThat(billing.prices.schedule("USD").books())
        .extracting(PriceBook::id)
        .containsExactly("plain", "second");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE billing.price SET micros_per_hour = 1",
        "DELETE FROM billing.price",
        "INSERT INTO billing.price VALUES ('plain', 'instance-seconds', 'e1.large', 1, 1)",
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
