package brume.billing.export;

import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// FOCUS 1.4, Cost and Usage, as its specification has it for the columns that are written here:
/// which must be there, of what type, which may be null and when, and how they hang together. Made
/// from the specification alone, so that it knows nothing of what writes. Pure.
final class FocusRules {
  /// column | type | nulls: never, any, or by a rule below
  private static final String COLUMNS =
      """
      AvailabilityZone     optional  String   any
      BilledCost           mandatory Decimal  never
      BillingAccountId     mandatory String   never
      BillingAccountName   mandatory String   any
      BillingCurrency      mandatory Currency never
      BillingPeriodEnd     mandatory Time     never
      BillingPeriodStart   mandatory Time     never
      ChargeCategory       mandatory Usage,Purchase,Tax,Credit,Adjustment never
      ChargeClass          mandatory Correction any
      ChargeDescription    mandatory String   any
      ChargeFrequency      optional  One-Time,Recurring,Usage-Based never
      ChargePeriodEnd      mandatory Time     never
      ChargePeriodStart    mandatory Time     never
      ConsumedQuantity     optional  Decimal  consumed
      ConsumedUnit         optional  String   consumed
      ContractedCost       mandatory Decimal  never
      ContractedUnitPrice  optional  Price    priced
      EffectiveCost        mandatory Decimal  never
      HostProviderName     mandatory String   never
      InvoiceDetailId      mandatory String   never
      InvoiceId            mandatory String   never
      InvoiceIssuerName    mandatory String   never
      ListCost             mandatory Decimal  never
      ListUnitPrice        optional  Price    priced
      PricingCategory      optional  Standard,Dynamic,Committed,Other priced
      PricingQuantity      mandatory Decimal  priced
      PricingUnit          mandatory String   priced
      ResourceId           optional  String   any
      ResourceName         optional  String   resource
      ResourceType         optional  String   resource
      ServiceCategory      mandatory AI_and_Machine_Learning,Analytics,Business_Applications,Compute,Databases,Developer_Tools,Multicloud,Identity,Integration,Internet_of_Things,Management_and_Governance,Media,Migration,Mobile,Networking,Security,Storage,Web,Other never
      ServiceName          mandatory String   never
      ServiceProviderName  mandatory String   never
      SkuId                optional  String   priced
      SkuMeter             optional  String   priced
      SkuPriceId           optional  String   priced
      Tags                 optional  Json     any
      """;

  private record Rule(boolean mandatory, String type, String nulls) {}

  private static final Map<String, Rule> RULES = rules();

  private final List<String> faults = new ArrayList<>();

  private FocusRules() {}

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new TreeMap<>();
    COLUMNS
        .lines()
        .map(line -> line.split(" +"))
        .forEach(row -> rules.put(row[0], new Rule(row[1].equals("mandatory"), row[2], row[3])));
    return rules;
  }

  /// What is against the rules, empty where nothing is.
  static List<String> faults(List<NamedCsvRecord> rows) {
    FocusRules check = new FocusRules();
    if (rows.isEmpty()) {
      return List.of("there is no row");
    }
    check.header(rows.getFirst().getHeader());
    for (int i = 0; i < rows.size(); i++) {
      Map<String, String> row = new HashMap<>(rows.get(i).getFieldsAsMap());
      check.row("row " + (i + 1), row);
    }
    check.periods(rows);
    return List.copyOf(check.faults);
  }

  private void header(List<String> header) {
    RULES.forEach((name, rule) -> {
      if (rule.mandatory() && !header.contains(name)) {
        faults.add(name + " must be there");
      }
    });
    if (Set.copyOf(header).size() != header.size()) {
      faults.add("a column is there twice");
    }
    for (String name : header) {
      if (!RULES.containsKey(name) && !name.matches("x_[A-Z][A-Za-z0-9]*")) {
        faults.add(name + " is no column of FOCUS, and its own ones begin with x_");
      }
    }
  }

  private void row(String at, Map<String, String> row) {
    row.forEach((name, value) -> {
      Rule rule = RULES.get(name);
      if (rule != null) {
        if (!value.isEmpty()) {
          type(at + " " + name, rule.type(), value);
        } else if (rule.nulls().equals("never")) {
          faults.add(at + " " + name + " must not be null");
        }
      }
    });
    String category = row.getOrDefault("ChargeCategory", "");
    boolean correction = row.getOrDefault("ChargeClass", "").equals("Correction");
    boolean sold = (category.equals("Usage") || category.equals("Purchase")) && !correction;
    RULES.forEach((name, rule) -> {
      String value = row.get(name);
      if (value != null) {
        switch (rule.nulls()) {
          case "priced" -> {
            must(at, name, value, !sold, "be null for what is not sold", category.equals("Tax"));
            must(at, name, value, sold, "be there for what is sold", false);
          }
          case "consumed" -> {
            if (sold && category.equals("Usage") && value.isEmpty()) {
              faults.add(at + " " + name + " must be there for usage");
            }
            if (!category.equals("Usage") && !value.isEmpty()) {
              faults.add(at + " " + name + " must be null but for usage");
            }
          }
          case "resource" -> {
            if (row.getOrDefault("ResourceId", "").isEmpty() && !value.isEmpty()) {
              faults.add(at + " " + name + " must be null without ResourceId");
            }
          }
          default -> {}
        }
      }
    });
    if (category.equals("Purchase") && row.get("ChargeFrequency").equals("Usage-Based")) {
      faults.add(at + " a purchase is not Usage-Based");
    }
    if (!row.getOrDefault("ResourceId", "").isEmpty() && row.get("ResourceType").isEmpty()) {
      faults.add(at + " ResourceType must be there with ResourceId");
    }
    products(at, row, correction);
    order(at, row);
  }

  private void must(
      String at, String name, String value, boolean applies, String rule, boolean isTax) {
    if (rule.startsWith("be null") ? isTax && !value.isEmpty() : applies && value.isEmpty()) {
      faults.add(at + " " + name + " must " + (isTax ? "be null for a tax" : rule));
    }
  }

  private void products(String at, Map<String, String> row, boolean correction) {
    String quantity = row.getOrDefault("PricingQuantity", "");
    if (quantity.isEmpty() || correction) {
      return;
    }
    for (String kind : List.of("List", "Contracted")) {
      String price = row.getOrDefault(kind + "UnitPrice", "");
      if (!price.isEmpty()
          && new BigDecimal(price)
                  .multiply(new BigDecimal(quantity))
                  .compareTo(new BigDecimal(row.get(kind + "Cost")))
              != 0) {
        faults.add(at + " " + kind + "UnitPrice times PricingQuantity must be " + kind + "Cost");
      }
    }
  }

  private void order(String at, Map<String, String> row) {
    String begin = row.get("ChargePeriodStart");
    String end = row.get("ChargePeriodEnd");
    if (begin.compareTo(end) >= 0) {
      faults.add(at + " ChargePeriodEnd is exclusive and must be after ChargePeriodStart");
    }
    if (row.get("BillingPeriodStart").compareTo(row.get("BillingPeriodEnd")) >= 0) {
      faults.add(at + " BillingPeriodEnd must be after BillingPeriodStart");
    }
    boolean earlier = begin.compareTo(row.get("BillingPeriodStart")) < 0;
    if (earlier && !row.get("ChargeClass").equals("Correction")) {
      faults.add(at + " what was before the billing period must be a Correction");
    }
  }

  private void type(String at, String type, String value) {
    boolean fits =
        switch (type) {
          case "String" -> !value.isBlank() && !isPlaceholder(value);
          case "Decimal" -> value.matches("-?[0-9]+(\\.[0-9]+)?");
          case "Price" -> value.matches("[0-9]+(\\.[0-9]+)?");
          case "Currency" -> value.matches("[A-Z]{3}");
          case "Time" -> isTime(value);
          case "Json" -> value.startsWith("{") && value.endsWith("}");
          default -> List.of(type.replace('_', ' ').split(",")).contains(value);
        };
    if (!fits) {
      faults.add(at + " '" + value + "' is no " + type);
    }
  }

  private static boolean isPlaceholder(String value) {
    return Set.of("null", "n/a", "na", "none", "-", "0000-00-00")
        .contains(value.toLowerCase(java.util.Locale.ROOT));
  }

  private static boolean isTime(String value) {
    try {
      return value.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ")
          && Instant.parse(value) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /// No resource is charged twice for one price and period; a change of price in a month may make
  /// two rows, of periods that touch.
  private void periods(List<NamedCsvRecord> rows) {
    Map<String, List<String[]>> charged = new HashMap<>();
    for (NamedCsvRecord row : rows) {
      boolean usage = row.getField("ChargeCategory").equals("Usage");
      if (usage && row.getField("ChargeClass").isEmpty()) {
        String key = row.getField("ResourceId") + " " + row.getField("SkuPriceId");
        String[] period = {row.getField("ChargePeriodStart"), row.getField("ChargePeriodEnd")};
        List<String[]> before = charged.computeIfAbsent(key, each -> new ArrayList<>());
        if (before.stream()
            .anyMatch(
                each -> each[0].compareTo(period[1]) < 0 && period[0].compareTo(each[1]) < 0)) {
          faults.add(key + " is charged twice for " + period[0]);
        }
        before.add(period);
      }
    }
  }
}
