package brume.contract.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the instances of a [PlanQuestion] would go; those that are not in `places` would wait.
///
/// @param reason what a user reads about those that would wait: what is missing, and the largest
///   that would fit; null when none would
public record PlanAnswer(List<Place> places, @Nullable String reason) {
  public PlanAnswer {
    places = List.copyOf(places);
  }

  /// Of one instance. Which node it is, is for operators of the cloud alone.
  public record Place(String nodeId, String zone) {}
}
