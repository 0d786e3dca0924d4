package brume.billing.export;

import brume.billing.invoice.Invoice;
import brume.billing.invoice.IssuedInvoices;
import brume.billing.invoice.IssuedLine;
import brume.billing.meter.Meter;
import brume.billing.meter.ResourceKind;
import brume.billing.pricing.Portion;
import brume.billing.rating.Amount;
import brume.billing.rating.Rounding;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An invoice as FOCUS 1.2 Cost and Usage: one row for each price that a line has, so that price ×
/// quantity is the list cost of each row; then rounding and tax, so that what is billed under an
/// InvoiceId is the invoice. Null is an empty field, times end in `Z`, ends are exclusive.
public final class FocusCsv {
  private static final int QUANTITY_DECIMALS = 12;
  private static final String PROVIDER = "Brume";
  private static final String ONCE = "One-Time";

  private FocusCsv() {}

  /// The columns, in the order in which they are written. Own ones begin with `x_`.
  enum Column {
    BilledCost,
    BillingAccountId,
    BillingAccountName,
    BillingCurrency,
    BillingPeriodEnd,
    BillingPeriodStart,
    ChargeCategory,
    ChargeClass,
    ChargeDescription,
    ChargeFrequency,
    ChargePeriodEnd,
    ChargePeriodStart,
    ConsumedQuantity,
    ConsumedUnit,
    ContractedCost,
    ContractedUnitPrice,
    EffectiveCost,
    InvoiceId,
    InvoiceIssuerName,
    ListCost,
    ListUnitPrice,
    PricingCategory,
    PricingQuantity,
    PricingUnit,
    ProviderName,
    PublisherName,
    ResourceId,
    ResourceName,
    ResourceType,
    ServiceCategory,
    ServiceName,
    SkuId,
    SkuMeter,
    SkuPriceId,
    Tags,
    x_LineId,
    x_CorrectedLineId
  }

  public static void write(Invoice invoice, IssuedInvoices invoices, Writer out) {
    CsvWriter csv = CsvWriter.builder().bufferSize(0).build(out);
    csv.writeRecord(List.of(Column.values()).stream().map(Column::name).toList());
    invoices.lines(
        Objects.requireNonNull(invoice.id()),
        line -> {
          if (line.isUsage()) {
            usage(csv, invoice, line);
          } else {
            write(csv, other(invoice, line));
          }
        });
    write(csv, extra(invoice, "Adjustment", "Rounding to the coin", invoice.rounding()));
    write(csv, extra(invoice, "Tax", invoice.taxName(), invoice.tax()));
  }

  /// The line's exact amount, shared out among its portions: the first takes what rounding leaves.
  private static void usage(CsvWriter csv, Invoice invoice, IssuedLine line) {
    Meter meter = Meter.named(Objects.requireNonNull(line.meter()));
    BigDecimal left = line.exact();
    for (int i = line.portions().size() - 1; i >= 0; i--) {
      Portion portion = line.portions().get(i);
      BigDecimal cost =
          i == 0
              ? left
              : Rounding.round(Amount.of(portion, meter.unitsPerPrice()), Rounding.EXACT_DECIMALS);
      left = left.subtract(cost);
      write(csv, portion(invoice, line, meter, portion, i, cost));
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
    put(row, Column.x_LineId, line.id());
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
      Invoice invoice, String category, String description, String cost) {
    Map<Column, Object> row = base(invoice, new BigDecimal(cost));
    row.put(Column.ChargeCategory, category);
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
    row.put(Column.ProviderName, PROVIDER);
    row.put(Column.PublisherName, PROVIDER);
    row.put(Column.ServiceCategory, "Compute");
    row.put(Column.ServiceName, "Instances");
    return row;
  }

  private static void put(Map<Column, Object> row, Column column, @Nullable Object value) {
    if (value != null) {
      row.put(column, value);
    }
  }

  private static void write(CsvWriter csv, Map<Column, Object> row) {
    csv.writeRecord(
        List.of(Column.values()).stream()
            .map(column ->
                switch (row.get(column)) {
                  case null -> "";
                  case BigDecimal number -> number.toPlainString();
                  case Object value -> value.toString();
                })
            .toList());
  }
}
