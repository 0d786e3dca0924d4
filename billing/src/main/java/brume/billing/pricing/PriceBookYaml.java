package brume.billing.pricing;

import brume.billing.meter.Meter;
import brume.contract.Checks;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// Reads a price book from YAML. Everything is checked; an error names the field and what it may
/// be.
public final class PriceBookYaml {
  private static final long MICROS_MAX = Price.MICROS_MAX;
  private static final int CHARACTERS_MAX = 1 << 20;
  private static final Set<String> BOOK_FIELDS =
      Set.of("id", "currency", "validFrom", "validTo", "prices");
  private static final Set<String> PRICE_FIELDS =
      Set.of("meter", "sku", "micros", "free", "graduated", "volume", "minimumSeconds");
  private static final Set<String> TIER_FIELDS = Set.of("from", "micros");

  private PriceBookYaml() {}

  public static PriceBook read(String text) {
    Map<?, ?> book = fields("price book", load(text), BOOK_FIELDS);
    List<Price> prices = new ArrayList<>();
    if (!(book.get("prices") instanceof List<?> rows)) {
      throw new IllegalArgumentException("prices must be a list");
    }
    for (Object row : rows) {
      String at = "prices[" + prices.size() + "]";
      Map<?, ?> price = fields(at, row, PRICE_FIELDS);
      Meter meter = Meter.named(text(price, at + ".meter", "meter"));
      prices.add(
          new Price(
              meter,
              text(price, at + ".sku", "sku"),
              rate(price, at, meter),
              price.containsKey("minimumSeconds")
                  ? Math.toIntExact(
                      Checks.range(
                          at + ".minimumSeconds",
                          number(price, at + ".minimumSeconds", "minimumSeconds"),
                          1,
                          Price.MINIMUM_SECONDS_MAX))
                  : 1));
    }
    return new PriceBook(
        text(book, "id", "id"),
        text(book, "currency", "currency"),
        time(book, "validFrom"),
        book.containsKey("validTo") ? time(book, "validTo") : null,
        prices);
  }

  /// `micros` for one price, or `graduated` or `volume` for tiers; each after `free` units, if any.
  private static Rate rate(Map<?, ?> price, String at, Meter meter) {
    List<String> models =
        List.of("micros", "graduated", "volume").stream().filter(price::containsKey).toList();
    if (models.size() != 1) {
      throw new IllegalArgumentException(
          at + " must have one of micros, graduated and volume, not " + models);
    }
    Rate paid =
        switch (models.getFirst()) {
          case "micros" ->
              new PerUnit(
                  Checks.range(
                      at + ".micros", number(price, at + ".micros", "micros"), 0, MICROS_MAX));
          case "graduated" -> named(at, () -> new Graduated(tiers(price, at, "graduated", meter)));
          default -> named(at, () -> new Volume(tiers(price, at, "volume", meter)));
        };
    if (!price.containsKey("free")) {
      return paid;
    }
    return named(at, () -> new Allowance(units(price, at + ".free", "free", meter), paid));
  }

  private static List<Tier> tiers(Map<?, ?> price, String at, String field, Meter meter) {
    if (!(price.get(field) instanceof List<?> rows) || rows.size() > Tier.TIERS_MAX) {
      throw new IllegalArgumentException(
          field + " must be a list of 2 to " + Tier.TIERS_MAX + " tiers");
    }
    List<Tier> tiers = new ArrayList<>();
    for (Object row : rows) {
      String tierAt = at + "." + field + "[" + tiers.size() + "]";
      Map<?, ?> tier = fields(tierAt, row, TIER_FIELDS);
      tiers.add(
          new Tier(
              units(tier, tierAt + ".from", "from", meter),
              number(tier, tierAt + ".micros", "micros")));
    }
    return tiers;
  }

  /// Books speak of hours and GiB, meters of seconds and bytes.
  private static long units(Map<?, ?> map, String at, String field, Meter meter) {
    long most = Tier.FROM_MAX / meter.unitsPerPrice();
    return Checks.range(at, number(map, at, field), 0, most) * meter.unitsPerPrice();
  }

  private static <T> T named(String at, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new IllegalArgumentException(message.startsWith(at) ? message : at + ": " + message, e);
    }
  }

  private static @Nullable Object load(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    options.setCodePointLimit(CHARACTERS_MAX);
    try {
      return new Yaml(new SafeConstructor(options)).load(text);
    } catch (YAMLException e) {
      throw new IllegalArgumentException("the price book is not YAML: " + e.getMessage(), e);
    }
  }

  private static Map<?, ?> fields(String at, @Nullable Object value, Set<String> known) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(at + " must be a mapping");
    }
    for (Object key : map.keySet()) {
      if (!(key instanceof String name) || !known.contains(name)) {
        throw new IllegalArgumentException(
            at + " has a field '" + key + "'; it may have " + known.stream().sorted().toList());
      }
    }
    return map;
  }

  private static String text(Map<?, ?> map, String at, String field) {
    if (map.get(field) instanceof String value) {
      return value;
    }
    throw new IllegalArgumentException(at + " must be a text, in quotes if it looks like a number");
  }

  private static long number(Map<?, ?> map, String at, String field) {
    return switch (map.get(field)) {
      case Integer value -> value;
      case Long value -> value;
      case null, default -> throw new IllegalArgumentException(at + " must be a whole number");
    };
  }

  private static Instant time(Map<?, ?> map, String field) {
    String value = text(map, field, field);
    try {
      return Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          field + " must be a time in UTC such as 2026-01-01T00:00:00Z, not '" + value + "'", e);
    }
  }
}
