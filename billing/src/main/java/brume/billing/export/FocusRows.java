package brume.billing.export;

import brume.billing.invoice.Invoice;
import brume.billing.invoice.IssuedInvoices;
import brume.billing.invoice.IssuedLine;
import brume.billing.meter.Meter;
import brume.billing.meter.ResourceKind;
import brume.billing.pricing.Portion;
import brume.billing.rating.Amount;
import brume.billing.rating.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An invoice as the rows of FOCUS 1.4 Cost and Usage: one row for each price that a line has, so
/// that price × quantity is the list cost of each row; then rounding and tax, so that what is
/// billed under an InvoiceId is the invoice. Times are UTC, ends are exclusive.
final class FocusRows {
  private static final int QUANTITY_DECIMALS = 12;
  private static final String PROVIDER = "Brume";
  private static final String ONCE = "One-Time";

  private FocusRows() {}

  /// What a column holds.
  enum Type {
    TEXT,
    DECIMAL,
    TIME
  }

  /// The columns, in the order in which they are written. Own ones begin with `x_`.
  enum Column {
    BilledCost(Type.DECIMAL, false),
    BillingAccountId(Type.TEXT, false),
    BillingAccountName(Type.TEXT, true),
    BillingCurrency(Type.TEXT, false),
    BillingPeriodEnd(Type.TIME, false),
    BillingPeriodStart(Type.TIME, false),
    ChargeCategory(Type.TEXT, false),
    ChargeClass(Type.TEXT, true),
    ChargeDescription(Type.TEXT, true),
    ChargeFrequency(Type.TEXT, false),
    ChargePeriodEnd(Type.TIME, false),
    ChargePeriodStart(Type.TIME, false),
    ConsumedQuantity(Type.DECIMAL, true),
    ConsumedUnit(Type.TEXT, true),
    ContractedCost(Type.DECIMAL, false),
    ContractedUnitPrice(Type.DECIMAL, true),
    EffectiveCost(Type.DECIMAL, false),
    HostProviderName(Type.TEXT, false),
    InvoiceDetailId(Type.TEXT, false),
    InvoiceId(Type.TEXT, false),
    InvoiceIssuerName(Type.TEXT, false),
    ListCost(Type.DECIMAL, false),
    ListUnitPrice(Type.DECIMAL, true),
    PricingCategory(Type.TEXT, true),
    PricingQuantity(Type.DECIMAL, true),
    PricingUnit(Type.TEXT, true),
    ResourceId(Type.TEXT, true),
    ResourceName(Type.TEXT, true),
    ResourceType(Type.TEXT, true),
    ServiceCategory(Type.TEXT, false),
    ServiceName(Type.TEXT, false),
    ServiceProviderName(Type.TEXT, false),
    SkuId(Type.TEXT, true),
    SkuMeter(Type.TEXT, true),
    SkuPriceId(Type.TEXT, true),
    Tags(Type.TEXT, true),
    x_LineId(Type.TEXT, true),
    x_CorrectedLineId(Type.TEXT, true);

    private final Type type;
    private final boolean nullable;

    Column(Type type, boolean nullable) {
      this.type = type;
      this.nullable = nullable;
    }

    Type type() {
      return type;
    }

    boolean nullable() {
      return nullable;
    }
  }

  /// Gives each row as its line is read. What is not in a row is null.
  static void each(Invoice invoice, IssuedInvoices invoices, Consumer<Map<Column, Object>> rows) {
    invoices.lines(
        Objects.requireNonNull(invoice.id()),
        line -> {
          if (line.isUsage()) {
            usage(rows, invoice, line);
          } else {
            rows.accept(other(invoice, line));
          }
        });
    rows.accept(
        extra(invoice, "Adjustment", "rounding", "Rounding to the coin", invoice.rounding()));
    rows.accept(extra(invoice, "Tax", "tax", invoice.taxName(), invoice.tax()));
  }

  /// The line's exact amount, shared out among its portions: the first takes what rounding leaves.
  private static void usage(Consumer<Map<Column, Object>> rows, Invoice invoice, IssuedLine line) {
    Meter meter = Meter.named(Objects.requireNonNull(line.meter()));
    BigDecimal left = line.exact();
    for (int i = line.portions().size() - 1; i >= 0; i--) {
      Portion portion = line.portions().get(i);
      BigDecimal cost =
          i == 0
              ? left
              : Rounding.round(Amount.of(portion, meter.unitsPerPrice()), Rounding.EXACT_DECIMALS);
      left = left.subtract(cost);
      rows.accept(portion(invoice, line, meter, portion, i, cost));
    }
    // What has just begun and is not charged yet has no portion, and so no row.
  }

  private static Map<Column, Object> portion(
      Invoice invoice, IssuedLine line, Meter meter, Portion portion, int index, BigDecimal cost) {
    Map<Column, Object> row = base(invoice, cost);
    BigDecimal quantity =
        BigDecimal.valueOf(portion.units())
            .divide(
                BigDecimal.valueOf(meter.unitsPerPrice()),
                QUANTITY_DECIMALS,
                RoundingMode.HALF_EVEN);
    BigDecimal price = BigDecimal.valueOf(portion.micros(), Rounding.EXACT_DECIMALS);
    BigDecimal listed = price.multiply(quantity).stripTrailingZeros();
    row.put(Column.ChargeCategory, "Usage");
    row.put(Column.ChargeDescription, line.title());
    row.put(Column.ChargeFrequency, "Usage-Based");
    row.put(Column.ChargePeriodStart, line.start());
    row.put(Column.ChargePeriodEnd, end(line));
    row.put(Column.ConsumedQuantity, portion.units());
    row.put(Column.ConsumedUnit, meter.unit().title());
    row.put(Column.ContractedCost, listed);
    row.put(Column.ContractedUnitPrice, price);
    row.put(Column.ListCost, listed);
    row.put(Column.ListUnitPrice, price);
    row.put(Column.PricingCategory, "Standard");
    row.put(Column.PricingQuantity, quantity.stripTrailingZeros());
    row.put(Column.PricingUnit, meter.unit().priced());
    row.put(Column.SkuId, meter.name() + "/" + line.sku());
    row.put(Column.SkuMeter, meter.name());
    row.put(
        Column.SkuPriceId,
        line.priceBookId() + "/" + meter.name() + "/" + line.sku() + "/" + index);
    resource(row, line);
    return row;
  }

  private static Instant end(IssuedLine line) {
    return line.end().isAfter(line.start()) ? line.end() : line.start().plusSeconds(1);
  }

  private static void resource(Map<Column, Object> row, IssuedLine line) {
    put(row, Column.ResourceId, line.resourceId());
    put(row, Column.ResourceName, line.resourceName());
    Meter meter = line.meter() == null ? null : Meter.named(line.meter());
    if (meter != null) {
      row.put(Column.ServiceCategory, category(meter));
      row.put(Column.ServiceName, meter.service());
    }
    put(
        row,
        Column.ResourceType,
        line.resourceId() == null
            ? null
            : meter == null || meter.of() == ResourceKind.TRAFFIC
                ? ResourceKind.INSTANCE.title()
                : meter.of().title());
    put(row, Column.Tags, line.tags());
    row.put(Column.InvoiceDetailId, line.id());
    row.put(Column.x_LineId, line.id());
    put(row, Column.x_CorrectedLineId, line.corrects());
  }

  private static String category(Meter meter) {
    return switch (meter.of()) {
      case INSTANCE -> "Compute";
      case VOLUME, SNAPSHOT, IMAGE -> "Storage";
      case ADDRESS, TRAFFIC -> "Networking";
    };
  }

  private static Map<Column, Object> other(Invoice invoice, IssuedLine line) {
    Map<Column, Object> row = base(invoice, line.exact());
    row.put(
        Column.ChargeCategory,
        switch (line.kind()) {
          case "discount" -> "Credit";
          case "correction" -> "Usage";
          default -> "Adjustment";
        });
    if (line.kind().equals("correction")) {
      row.put(Column.ChargeClass, "Correction");
    }
    row.put(Column.ChargeFrequency, ONCE);
    row.put(Column.ChargeDescription, line.title());
    row.put(Column.ChargePeriodStart, line.start());
    row.put(Column.ChargePeriodEnd, end(line));
    resource(row, line);
    return row;
  }

  private static Map<Column, Object> extra(
      Invoice invoice, String category, String detail, String description, String cost) {
    Map<Column, Object> row = base(invoice, new BigDecimal(cost));
    row.put(Column.ChargeCategory, category);
    row.put(Column.InvoiceDetailId, detail);
    row.put(Column.ChargeFrequency, ONCE);
    row.put(Column.ChargeDescription, description);
    row.put(Column.ChargePeriodStart, invoice.period().start());
    row.put(Column.ChargePeriodEnd, invoice.period().end());
    return row;
  }

  private static Map<Column, Object> base(Invoice invoice, BigDecimal cost) {
    Map<Column, Object> row = new EnumMap<>(Column.class);
    row.put(Column.BilledCost, cost);
    row.put(Column.EffectiveCost, cost);
    row.put(Column.ListCost, cost);
    row.put(Column.ContractedCost, cost);
    row.put(Column.BillingAccountId, invoice.accountId());
    put(row, Column.BillingAccountName, invoice.accountName());
    row.put(Column.BillingCurrency, invoice.currency());
    row.put(Column.BillingPeriodStart, invoice.period().start());
    row.put(Column.BillingPeriodEnd, invoice.period().end());
    row.put(Column.InvoiceId, invoice.numberText());
    row.put(Column.InvoiceIssuerName, PROVIDER);
    row.put(Column.HostProviderName, PROVIDER);
    row.put(Column.ServiceProviderName, PROVIDER);
    row.put(Column.ServiceCategory, "Compute");
    row.put(Column.ServiceName, "Instances");
    return row;
  }

  private static void put(Map<Column, Object> row, Column column, @Nullable Object value) {
    if (value != null) {
      row.put(column, value);
    }
  }
}
