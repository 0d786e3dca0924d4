package brume.billing.invoice;

import brume.billing.meter.Meter;
import brume.billing.pricing.Portion;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of an issued invoice, as it is kept.
///
/// @param kind `usage`, `discount`, `commitment` or `correction`
/// @param tags JSON, as they were when it was issued
/// @param start of usage, else of the period that it is about
/// @param units that are charged, in the meter's units
/// @param portions the units at each price
/// @param corrects a line of an earlier invoice
public record IssuedLine(
    int ordinal,
    String id,
    String kind,
    String title,
    @Nullable String service,
    @Nullable String resourceId,
    @Nullable String resourceName,
    @Nullable String tags,
    @Nullable String meter,
    @Nullable String sku,
    @Nullable String priceBookId,
    Instant start,
    Instant end,
    long seconds,
    long minimumSeconds,
    long units,
    @Nullable Long micros,
    List<Portion> portions,
    long intervals,
    @Nullable String corrects,
    BigDecimal parts,
    BigDecimal exact,
    BigDecimal amount) {
  public static final String USAGE = "usage";

  public boolean isUsage() {
    return kind.equals(USAGE);
  }

  /// As an invoice shows it.
  public Invoice.Line asLine() {
    Meter of = Meter.named(there(meter));
    return new Invoice.Line(
        id,
        there(service),
        there(resourceId),
        resourceName,
        of.name(),
        there(sku),
        there(priceBookId),
        start,
        end,
        seconds,
        minimumSeconds,
        Invoice.units(of, units),
        InvoiceLines.unit(of),
        InvoiceLines.unitsPerPrice(of),
        Money.micros(shownMicros()),
        InvoiceLines.portions(portions, shownMicros()),
        Money.text(exact),
        Money.text(amount),
        null,
        intervals);
  }

  /// The price that is shown beside it.
  public long shownMicros() {
    return micros == null ? 0 : micros;
  }

  /// As an invoice shows what is no usage.
  public Invoice.Adjustment asAdjustment() {
    return new Invoice.Adjustment(
        id, kind, title, corrects, resourceId, Money.text(exact), Money.text(amount));
  }

  private static String there(@Nullable String value) {
    return value == null ? "" : value;
  }
}
