package brume.billing.invoice;

import brume.billing.meter.Meter;
import brume.billing.meter.Unit;
import brume.billing.pricing.Portion;
import brume.billing.rating.Charge;
import brume.billing.rating.Quantity;
import brume.billing.rating.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a statement's lines are shown, before they are issued.
final class InvoiceLines {
  private InvoiceLines() {}

  static Invoice.Line line(
      String id,
      Statement.Line line,
      Charge.Usage usage,
      @Nullable String name,
      List<Invoice.Interval> intervals) {
    Quantity quantity = usage.quantity();
    long micros = quantity.price().rate().listMicros();
    return new Invoice.Line(
        id,
        quantity.meter().service(),
        quantity.resourceId(),
        name,
        quantity.meter().name(),
        quantity.sku(),
        quantity.priceBookId(),
        usage.start(),
        usage.running() ? null : usage.end(),
        quantity.seconds(),
        quantity.minimumSeconds(),
        Invoice.units(quantity.meter(), quantity.units()),
        unit(quantity.meter()),
        unitsPerPrice(quantity.meter()),
        Money.micros(micros),
        portions(usage.portions(), micros),
        Money.text(line.exact()),
        Money.text(line.amount()),
        intervals,
        usage.intervals());
  }

  /// Nothing where it is seconds.
  static @Nullable String unit(Meter meter) {
    return meter.unit() == Unit.SECOND ? null : meter.unit().title();
  }

  static @Nullable Long unitsPerPrice(Meter meter) {
    return meter.unit() == Unit.SECOND ? null : meter.unitsPerPrice();
  }

  /// Nothing where the price that is shown says it all.
  static @Nullable List<Invoice.Portion> portions(List<Portion> portions, long shownMicros) {
    boolean plain = portions.stream().allMatch(portion -> portion.micros() == shownMicros);
    return plain
        ? null
        : portions.stream()
            .map(portion -> new Invoice.Portion(portion.units(), Money.micros(portion.micros())))
            .toList();
  }

  static Invoice.Adjustment adjustment(String id, Statement.Line line) {
    Charge charge = line.charge();
    return switch (charge.of()) {
      case Charge.Usage usage -> throw new IllegalArgumentException("usage has a line");
      case Charge.Discounted discounted ->
          adjustment(id, "discount", title(charge), null, null, line);
      case Charge.Committed committed ->
          adjustment(id, "commitment", title(charge), null, null, line);
      case Charge.Corrected corrected ->
          adjustment(
              id, "correction", title(charge), corrected.lineId(), corrected.resourceId(), line);
    };
  }

  private static Invoice.Adjustment adjustment(
      String id,
      String kind,
      String title,
      @Nullable String corrects,
      @Nullable String resourceId,
      Statement.Line line) {
    return new Invoice.Adjustment(
        id, kind, title, corrects, resourceId, Money.text(line.exact()), Money.text(line.amount()));
  }

  /// What a line is called.
  static String title(Charge charge) {
    return switch (charge.of()) {
      case Charge.Usage usage -> title(usage.quantity().meter(), usage.quantity().sku());
      case Charge.Discounted discounted ->
          "Discount of " + Money.percent(discounted.discount().basisPoints());
      case Charge.Committed committed -> "What is missing to the commitment";
      case Charge.Corrected corrected -> charge.title();
    };
  }

  static String title(Meter meter, String sku) {
    return meter.service() + " " + sku;
  }

  static List<Invoice.Subtotal> subtotals(Statement statement) {
    return statement.subtotals().stream()
        .map(each ->
            new Invoice.Subtotal(
                each.title(), each.seconds(), Money.text(each.exact()), Money.text(each.amount())))
        .toList();
  }
}
