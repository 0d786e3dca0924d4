package brume.billing.invoice;

import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.PriceSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Over which times each thing has a price, without a gap. It may doubt a sum whose intervals lie
/// on both sides of a gap: the database then looks at each of them.
final class PriceCover {
  private final Map<Key, List<Stretch>> stretches = new HashMap<>();

  private record Key(String meter, String sku) {}

  private record Stretch(Instant from, @Nullable Instant to) {
    private boolean contains(Instant since, Instant until) {
      return !since.isBefore(from) && (to == null || !until.isAfter(to));
    }
  }

  PriceCover(PriceSchedule schedule) {
    for (PriceBook book : schedule.books()) {
      for (Price price : book.prices()) {
        List<Stretch> of =
            stretches.computeIfAbsent(
                new Key(price.meter().name(), price.sku()), key -> new ArrayList<>());
        Stretch last = of.isEmpty() ? null : of.getLast();
        if (last != null && book.validFrom().equals(last.to())) {
          of.set(of.size() - 1, new Stretch(last.from(), book.validTo()));
        } else {
          of.add(new Stretch(book.validFrom(), book.validTo()));
        }
      }
    }
  }

  boolean covers(UsageSum sum) {
    Instant second = sum.since().plusSeconds(1);
    Instant until = sum.until().isBefore(second) ? second : sum.until();
    return sum.priceBookId() != null
        && stretches.getOrDefault(new Key(sum.meter(), sum.sku()), List.of()).stream()
            .anyMatch(stretch -> stretch.contains(sum.since(), until));
  }
}
