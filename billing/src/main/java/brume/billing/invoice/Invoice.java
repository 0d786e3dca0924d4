package brume.billing.invoice;

import brume.billing.meter.Meter;
import brume.billing.meter.Unit;
import brume.billing.rating.Period;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An account's invoice as it is shown. All amounts are decimal text in `currency`: those called
/// exact have six decimals, the others the currency's coin; each kind adds up by itself.
///
/// @param id absent for the draft
/// @param number the account's, without gaps; absent for the draft
/// @param state `draft`: the month so far; then `issued`, and `paid` or `voided`
/// @param asOf usage up to here is in it; a whole second
/// @param settledAt when it was paid or voided
/// @param zone the account's own, in which times may be shown too
/// @param exactTotal of the lines and adjustments
/// @param rounding `exactTotal + rounding = net`
/// @param total `net + tax`
/// @param credit what was paid ahead and pays for it
/// @param due `total - credit`
/// @param certificate absent for the draft
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Invoice(
    @Nullable String id,
    @Nullable Integer number,
    String accountId,
    @Nullable String accountName,
    String state,
    Period period,
    Instant asOf,
    @Nullable Instant issuedAt,
    @Nullable Instant dueAt,
    @Nullable Instant settledAt,
    @Nullable String settledNote,
    String zone,
    @Nullable String taxId,
    String currency,
    List<Line> lines,
    List<Adjustment> adjustments,
    List<Subtotal> subtotals,
    String exactTotal,
    String rounding,
    String net,
    String taxName,
    String tax,
    String total,
    String credit,
    String due,
    @Nullable Certificate certificate) {
  public static final String DRAFT = "draft";

  Invoice with(List<Line> allLines, List<Adjustment> allAdjustments) {
    return new Invoice(
        id,
        number,
        accountId,
        accountName,
        state,
        period,
        asOf,
        issuedAt,
        dueAt,
        settledAt,
        settledNote,
        zone,
        taxId,
        currency,
        allLines,
        allAdjustments,
        subtotals,
        exactTotal,
        rounding,
        net,
        taxName,
        tax,
        total,
        credit,
        due,
        certificate);
  }

  @JsonIgnore
  public boolean isDraft() {
    return state.equals(DRAFT);
  }

  /// As people call it: the account's number and the invoice's.
  public String numberText() {
    return accountId + "-" + (number == null ? DRAFT : "%06d".formatted(number));
  }

  /// What one resource cost at one price.
  ///
  /// @param id the same for the same account, month, resource, meter, sku and price book, for ever
  /// @param end exclusive; absent while it goes on
  /// @param seconds of use
  /// @param minimumSeconds charged on top, for starts shorter than the price book's minimum
  /// @param units that are charged, where they are no seconds
  /// @param unit what these are
  /// @param unitsPerPrice how many of them the price is for; 3,600 seconds where it is absent
  /// @param portions the units at each price, where there is more than one or it is not the list's
  /// @param intervals the newest ones, at most [Invoice#INTERVALS_MAX], in the order of time;
  ///   absent once it is issued
  /// @param intervalsTotal how many there are
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Line(
      String id,
      String service,
      String resourceId,
      @Nullable String resourceName,
      String meter,
      String sku,
      String priceBookId,
      Instant start,
      @Nullable Instant end,
      long seconds,
      long minimumSeconds,
      @Nullable Long units,
      @Nullable String unit,
      @Nullable Long unitsPerPrice,
      String unitPricePerHour,
      @Nullable List<Portion> portions,
      String exactAmount,
      String amount,
      @Nullable List<Interval> intervals,
      long intervalsTotal) {}

  /// So many seconds at this price for an hour; of a line that has a unit of its own, so many of
  /// these at this price for [Line#unitsPerPrice].
  public record Portion(long seconds, String unitPricePerHour) {}

  /// One use without a break, or the part of it at this line's price.
  ///
  /// @param usageId of the usage record it is from
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Interval(
      String usageId,
      Instant start,
      @Nullable Instant end,
      long seconds,
      long minimumSeconds,
      @Nullable Long units) {}

  /// What is not one resource's use of this period.
  ///
  /// @param kind `discount`, `commitment` or `correction`
  /// @param corrects the line of an earlier period that it corrects
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Adjustment(
      String id,
      String kind,
      String title,
      @Nullable String corrects,
      @Nullable String resourceId,
      String exactAmount,
      String amount) {}

  /// @param seconds that were charged
  public record Subtotal(String service, long seconds, String exactAmount, String amount) {}

  /// Of a line; `/v1/usage` has all of them.
  public static final int INTERVALS_MAX = 100;

  /// More would not be read by anyone, and must not be held in memory.
  public static final int LINES_MAX = 100_000;

  /// What is shown of units: nothing where they are seconds.
  static @Nullable Long units(Meter meter, long units) {
    return meter.unit() == Unit.SECOND ? null : units;
  }
}
