package brume.billing;

import brume.billing.meter.Meter;
import brume.billing.pricing.PerUnit;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Price books for tests: awkward prices, so that nothing divides evenly by chance.
public final class Books {
  public static final String NANO = "e1.nano";
  public static final String SMALL = "e1.small";

  private Books() {}

  public static PriceBook book(
      String id, String from, @Nullable String to, long nano, long small, int minimumSeconds) {
    return new PriceBook(
        id,
        "USD",
        Instant.parse(from),
        to == null ? null : Instant.parse(to),
        List.of(
            new Price(Meter.INSTANCE_SECONDS, NANO, new PerUnit(nano), minimumSeconds),
            new Price(Meter.INSTANCE_SECONDS, SMALL, new PerUnit(small), minimumSeconds)));
  }

  /// One book for all time.
  public static PriceBook plain() {
    return book("plain", "2026-01-01T00:00:00Z", null, 4000, 16001, 1);
  }

  /// A change on 15 November at noon, to a book with a minimum of 60 seconds.
  public static PriceBook[] changing() {
    return new PriceBook[] {
      book("first", "2026-01-01T00:00:00Z", "2026-11-15T12:00:00Z", 4000, 16001, 1),
      book("second", "2026-11-15T12:00:00Z", null, 7013, 20000, 60)
    };
  }
}
