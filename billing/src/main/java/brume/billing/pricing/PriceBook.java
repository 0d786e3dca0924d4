package brume.billing.pricing;

import brume.contract.Checks;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A version of all prices in one currency, in force over a half-open time. It never changes once
/// it is published; other prices are another book.
///
/// @param validFrom a whole second
/// @param validTo a whole second, null until another book follows
public record PriceBook(
    String id, String currency, Instant validFrom, @Nullable Instant validTo, List<Price> prices) {
  public static final int PRICES_MAX = 10_000;
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  public PriceBook {
    Checks.pattern("id", id, ID);
    Checks.pattern("currency", currency, CURRENCY);
    wholeSecond("validFrom", validFrom);
    if (validTo != null) {
      wholeSecond("validTo", validTo);
      if (!validTo.isAfter(validFrom)) {
        throw new IllegalArgumentException(
            "validTo must be after validFrom " + validFrom + ", not " + validTo);
      }
    }
    Checks.range("prices", prices.size(), 1, PRICES_MAX);
    prices = List.copyOf(prices);
    Set<String> seen = new HashSet<>();
    for (Price price : prices) {
      if (!seen.add(price.meter().name() + " " + price.sku())) {
        throw new IllegalArgumentException(
            "prices has two of meter " + price.meter().name() + " and sku " + price.sku());
      }
    }
  }

  public boolean isValidAt(Instant instant) {
    return !instant.isBefore(validFrom) && (validTo == null || instant.isBefore(validTo));
  }

  public Optional<Price> price(String meter, String sku) {
    return prices.stream()
        .filter(price -> price.meter().name().equals(meter) && price.sku().equals(sku))
        .findFirst();
  }

  private static void wholeSecond(String field, Instant value) {
    if (!value.equals(value.truncatedTo(ChronoUnit.SECONDS))) {
      throw new IllegalArgumentException(field + " must be a whole second, not " + value);
    }
  }
}
