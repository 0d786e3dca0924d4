package brume.compute.instance;

import brume.compute.billing.ListPrice;
import brume.compute.instance.InstanceView.NodeReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a launch would come to if it was asked for now.
///
/// @param accepted whether the account's quota and policies let it through
/// @param refusals why not
/// @param placements of those that there is room for, one for each instance
/// @param waiting how many would be pending until there is room
/// @param waitsFor what those wait for, and the largest that would fit
/// @param prices of all of them together for an hour of running, one for each currency
public record LaunchForecast(
    boolean accepted,
    List<Verdict> refusals,
    List<Place> placements,
    int waiting,
    @Nullable String waitsFor,
    List<ListPrice> prices) {
  public LaunchForecast {
    refusals = List.copyOf(refusals);
    placements = List.copyOf(placements);
    prices = List.copyOf(prices);
  }

  /// What the same request without `dryRun` would be answered with.
  public record Verdict(String code, @Nullable String field, String detail) {}

  /// Where one instance would go.
  ///
  /// @param node only for operators of the cloud
  public record Place(String zone, @Nullable NodeReference node) {}
}
