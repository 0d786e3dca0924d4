package brume.billing.pricing;

import brume.billing.meter.Meter;
import brume.contract.Checks;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// Reads a price book from YAML. Everything is checked; an error names the field and what it may
/// be.
public final class PriceBookYaml {
  private static final int CHARACTERS_MAX = 1 << 20;
  private static final Set<String> BOOK_FIELDS =
      Set.of("id", "currency", "validFrom", "validTo", "prices");
  private static final Set<String> PRICE_FIELDS =
      Set.of("meter", "sku", "microsPerHour", "minimumSeconds");

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
      prices.add(
          new Price(
              Meter.named(text(price, at + ".meter", "meter")),
              text(price, at + ".sku", "sku"),
              number(price, at + ".microsPerHour", "microsPerHour"),
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
