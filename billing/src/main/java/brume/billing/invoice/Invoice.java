package brume.billing.invoice;

import brume.billing.rating.Period;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An account's invoice as it is shown. All amounts are decimal text in `currency`: those called
/// exact have six decimals, the others the currency's coin; each kind adds up by itself.
///
/// @param kind `draft`: the month so far
/// @param asOf usage up to here is in it; a whole second
/// @param exactTotal what was used
/// @param rounding `exactTotal + rounding = total`
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Invoice(
    String accountId,
    @Nullable String accountName,
    String kind,
    Period period,
    Instant asOf,
    String currency,
    List<Line> lines,
    List<Subtotal> subtotals,
    String exactTotal,
    String rounding,
    String total) {
  public static final String DRAFT = "draft";

  /// What one resource cost at one price.
  ///
  /// @param id the same for the same account, month, resource, meter, sku and price book, for ever
  /// @param end exclusive; absent while it goes on
  /// @param seconds of use
  /// @param minimumSeconds charged on top, for starts shorter than the price book's minimum
  /// @param intervals the newest ones, at most [Invoice#INTERVALS_MAX], in the order of time
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
      String unitPricePerHour,
      String exactAmount,
      String amount,
      List<Interval> intervals,
      long intervalsTotal) {}

  /// One use without a break, or the part of it at this line's price.
  ///
  /// @param usageId of the usage record it is from
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Interval(
      String usageId, Instant start, @Nullable Instant end, long seconds, long minimumSeconds) {}

  /// @param seconds that were charged
  public record Subtotal(String service, long seconds, String exactAmount, String amount) {}

  /// Of a line; `/v1/usage` has all of them.
  public static final int INTERVALS_MAX = 100;

  /// More would not be read by anyone, and must not be held in memory.
  public static final int LINES_MAX = 100_000;
}
