package brume.billing.invoice;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line walked back: amount → price → intervals → transitions with what the node said → the
/// request that caused them, and what rounding did.
///
/// @param quantitySeconds units that are charged, use and minimums: seconds of an instance
/// @param exactUnrounded the sum of the portions, each units × price, to eighteen decimals
/// @param rounding why the amounts are what they are
/// @param intervals the newest ones in the order of time
/// @param changedSince later facts moved usage of the period: corrections stand on later invoices
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Explanation(
    String lineId,
    @Nullable String invoiceId,
    String resourceId,
    String meter,
    String sku,
    PriceVersion price,
    List<Invoice.Portion> portions,
    long quantitySeconds,
    String exactUnrounded,
    String exactAmount,
    String amount,
    Rounding rounding,
    List<Step> intervals,
    long intervalsTotal,
    boolean changedSince) {
  /// At most so many intervals are shown.
  public static final int INTERVALS_MAX = 200;

  /// @param text the price in micro-units, with its tiers
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PriceVersion(
      String priceBookId, Instant validFrom, @Nullable Instant validTo, String text) {}

  /// @param exactDifference `exactAmount` less the unrounded sum
  /// @param amountDifference `amount` less the unrounded sum
  public record Rounding(String rule, String exactDifference, String amountDifference) {}

  /// One interval of use, or the part of it at this line's price.
  ///
  /// @param units of the meter, where they are no seconds
  /// @param closed absent while it goes on
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Step(
      String usageId,
      Instant start,
      @Nullable Instant end,
      long seconds,
      long minimumSeconds,
      @Nullable Long units,
      Fact opened,
      @Nullable Fact closed) {}

  /// A transition, and the evidence of the node that it is from.
  ///
  /// @param at when it counts
  /// @param recordedAt when the control plane wrote it
  /// @param nodeId absent of what is on no node
  /// @param size of what is no instance: MiB, or bytes counted so far
  /// @param nodeBootId absent where the control plane itself declared it, of a lost node
  /// @param nodeMonotonic how far into that boot, in nanoseconds
  /// @param request what asked for it
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Fact(
      long seq,
      String state,
      @Nullable String cause,
      @Nullable String reason,
      Instant at,
      Instant recordedAt,
      @Nullable String nodeId,
      long epoch,
      @Nullable String nodeBootId,
      @Nullable Long nodeMonotonic,
      @Nullable Long eventSequence,
      @Nullable Long size,
      @Nullable Request request) {}

  /// @param principal a token's id, or `guest`
  public record Request(String requestId, String principal, String intent, Instant at) {}
}
