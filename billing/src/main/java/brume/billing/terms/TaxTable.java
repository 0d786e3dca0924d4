package brume.billing.terms;

import brume.billing.rating.Tax;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// Which tax is paid, by country and kind of customer. `*` stands for any; the row that says more
/// wins, the country before the kind.
public record TaxTable(List<Row> rows) {
  public static final String ANY = "*";
  private static final int ROWS_MAX = 1000;
  private static final Set<String> FIELDS =
      Set.of("country", "customerKind", "name", "basisPoints");

  public record Row(String country, String customerKind, Tax tax) {}

  public TaxTable {
    rows = List.copyOf(rows);
    Set<String> seen = new HashSet<>();
    for (Row row : rows) {
      if (!seen.add(row.country() + " " + row.customerKind())) {
        throw new IllegalArgumentException(
            "taxes has two rows of country " + row.country() + " and kind " + row.customerKind());
      }
    }
  }

  public Tax of(AccountTerms terms) {
    for (String country : List.of(terms.country(), ANY)) {
      for (String kind : List.of(terms.customerKind(), ANY)) {
        for (Row row : rows) {
          if (row.country().equals(country) && row.customerKind().equals(kind)) {
            return row.tax();
          }
        }
      }
    }
    return Tax.NONE;
  }

  public static TaxTable read(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    Object loaded;
    try {
      loaded = new Yaml(new SafeConstructor(options)).load(yaml);
    } catch (YAMLException e) {
      throw new IllegalArgumentException("the taxes are not YAML: " + e.getMessage(), e);
    }
    if (!(loaded instanceof Map<?, ?> map)
        || !(map.get("taxes") instanceof List<?> list)
        || list.size() > ROWS_MAX) {
      throw new IllegalArgumentException("taxes must be a list of at most " + ROWS_MAX + " rows");
    }
    List<Row> rows = new ArrayList<>();
    for (Object each : list) {
      rows.add(row("taxes[" + rows.size() + "]", each));
    }
    return new TaxTable(rows);
  }

  private static Row row(String at, Object value) {
    if (!(value instanceof Map<?, ?> map)
        || !map.keySet().equals(FIELDS)
        || !(map.get("country") instanceof String country)
        || !(map.get("customerKind") instanceof String kind)
        || !(map.get("name") instanceof String name)
        || !(map.get("basisPoints") instanceof Integer basisPoints)) {
      throw new IllegalArgumentException(
          at + " must have the texts country, customerKind and name and the number basisPoints");
    }
    if (!country.matches("[A-Z]{2}|\\*")) {
      throw new IllegalArgumentException(
          at + ".country must be of two letters or *, not '" + country + "'");
    }
    if (!kind.equals(ANY) && !AccountTerms.CUSTOMER_KINDS.contains(kind)) {
      throw new IllegalArgumentException(
          at + ".customerKind must be * or one of " + AccountTerms.CUSTOMER_KINDS);
    }
    return new Row(country, kind, new Tax(name, basisPoints));
  }
}
