package brume.billing.rating;

import brume.billing.pricing.Portion;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that an account pays, or gets back, before anything is rounded.
///
/// @param title for people; of usage, the service
public record Charge(Of of, String title, Amount parts) {
  /// What it is for.
  public sealed interface Of permits Usage, Discounted, Committed, Corrected {}

  /// What a resource used at a price.
  ///
  /// @param portions the units at each price
  /// @param end exclusive
  /// @param running it goes on
  /// @param runningSize how much of it: so many units are used in each second
  /// @param intervals how many there are in it
  public record Usage(
      Quantity quantity,
      List<Portion> portions,
      Instant start,
      Instant end,
      boolean running,
      long runningSize,
      long intervals)
      implements Of {}

  /// What the account's discount takes off.
  public record Discounted(Discount discount) implements Of {}

  /// What is missing to its commitment.
  public record Committed() implements Of {}

  /// What an earlier invoice's line should have been, less what it was.
  ///
  /// @param lineId of that line
  /// @param now what it is of; null where nothing was used after all
  public record Corrected(String lineId, Period period, String resourceId, @Nullable Usage now)
      implements Of {}
}
