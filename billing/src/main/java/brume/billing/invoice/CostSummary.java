package brume.billing.invoice;

import brume.billing.rating.Period;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a month has cost so far, before discounts, corrections and tax, and what goes on.
///
/// @param perHour what everything that runs now costs for an hour at its next unit's price
/// @param forecast the month's cost if all that runs now goes on, and nothing else begins
/// @param groups by what was asked for; their exact amounts add up to `exactTotal`
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CostSummary(
    Period period,
    Instant asOf,
    String currency,
    String groupBy,
    String exactTotal,
    String perHour,
    String forecast,
    List<Group> groups) {
  /// @param key a service, type, instance, day or the value of a tag; absent for what has no such
  ///   tag
  /// @param name of an instance that has one
  /// @param running how many of it run now
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Group(
      @Nullable String key,
      @Nullable String name,
      long seconds,
      String exactAmount,
      String perHour,
      int running) {}
}
