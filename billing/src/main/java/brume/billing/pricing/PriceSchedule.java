package brume.billing.pricing;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// All books of one currency, in the order of time, never two at once.
public record PriceSchedule(String currency, List<PriceBook> books) {
  public PriceSchedule {
    books = books.stream().sorted(Comparator.comparing(PriceBook::validFrom)).toList();
    for (int i = 0; i < books.size(); i++) {
      PriceBook book = books.get(i);
      if (!book.currency().equals(currency)) {
        throw new IllegalArgumentException(
            "price book " + book.id() + " must be in " + currency + ", not " + book.currency());
      }
      Instant end = book.validTo();
      if (i + 1 < books.size() && (end == null || end.isAfter(books.get(i + 1).validFrom()))) {
        throw new IllegalArgumentException(
            "price books " + book.id() + " and " + books.get(i + 1).id() + " overlap");
      }
    }
  }

  public Optional<PriceBook> at(Instant instant) {
    return books.stream().filter(book -> book.isValidAt(instant)).findFirst();
  }
}
