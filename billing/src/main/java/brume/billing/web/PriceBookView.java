package brume.billing.web;

import brume.billing.meter.Meter;
import brume.billing.pricing.Allowance;
import brume.billing.pricing.Graduated;
import brume.billing.pricing.PerUnit;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.PriceBookStore;
import brume.billing.pricing.PriceDiff;
import brume.billing.pricing.Rate;
import brume.billing.pricing.Tier;
import brume.billing.pricing.Volume;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A price book as it is read and written: tiers and allowances are in hours or GiB, as the meter's
/// prices are.
@JsonInclude(JsonInclude.Include.NON_NULL)
record PriceBookView(
    String id,
    String currency,
    Instant validFrom,
    @Nullable Instant validTo,
    List<PriceView> prices) {

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Summary(String id, String currency, Instant validFrom, @Nullable Instant validTo) {}

  /// One of `micros`, `graduated` and `volume` is there.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record PriceView(
      String meter,
      String sku,
      @Nullable Long micros,
      @Nullable Long free,
      @Nullable List<TierView> graduated,
      @Nullable List<TierView> volume,
      int minimumSeconds) {}

  record TierView(long from, long micros) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Change(
      String meter,
      String sku,
      @Nullable String before,
      @Nullable String after,
      @Nullable Long percent) {}

  /// @param published whether it was published now
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Publication(
      Summary priceBook, @Nullable String replaces, List<Change> changes, boolean published) {}

  static Summary summary(PriceBook book) {
    return new Summary(book.id(), book.currency(), book.validFrom(), book.validTo());
  }

  static PriceBookView of(PriceBook book) {
    return new PriceBookView(
        book.id(),
        book.currency(),
        book.validFrom(),
        book.validTo(),
        book.prices().stream()
            .map(price -> view(price, price.rate(), null))
            .sorted(java.util.Comparator.comparing(PriceView::meter).thenComparing(PriceView::sku))
            .toList());
  }

  static Publication of(PriceBookStore.Publication publication, boolean dryRun) {
    return new Publication(
        summary(publication.book()),
        publication.replaces(),
        publication.diff().changes().stream().map(PriceBookView::change).toList(),
        publication.published() && !dryRun);
  }

  private static Change change(PriceDiff.Change change) {
    return new Change(
        change.meter(), change.sku(), change.before(), change.after(), change.percent());
  }

  private static PriceView view(Price price, Rate rate, @Nullable Long free) {
    Meter meter = price.meter();
    Long micros = null;
    List<TierView> graduated = null;
    List<TierView> volume = null;
    switch (rate) {
      case Allowance each -> {
        return view(price, each.above(), each.free() / meter.unitsPerPrice());
      }
      case PerUnit each -> micros = each.micros();
      case Graduated each -> graduated = tiers(each.tiers(), meter);
      case Volume each -> volume = tiers(each.tiers(), meter);
    }
    return new PriceView(
        meter.name(), price.sku(), micros, free, graduated, volume, price.minimumSeconds());
  }

  private static List<TierView> tiers(List<Tier> tiers, Meter meter) {
    return tiers.stream()
        .map(tier -> new TierView(tier.from() / meter.unitsPerPrice(), tier.micros()))
        .toList();
  }
}
