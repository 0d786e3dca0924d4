package brume.compute.ec2.filter;

import brume.compute.ec2.Ec2Call;
import brume.compute.resource.OwnedTable;
import brume.compute.resource.Resource;
import brume.compute.resource.Tagged;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What every describing action of things with tags does: the asked ids must all be there, the
/// filters choose, the page is cut.
public final class Listing {
  /// What is common to such requests.
  public record Asked(
      List<String> ids,
      List<Filter> filters,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {
    public static Asked of(List<String> ids, List<Filter> filters) {
      return new Asked(ids, filters, null, null);
    }
  }

  private Listing() {}

  public static <T extends Record & Resource> Pages.Page<Tagged<T>> of(
      Ec2Call call, OwnedTable<T> table, Filters<Tagged<T>> filters, Asked asked) {
    return of(call, table, table.tagged(call.scope()), filters, asked);
  }

  /// @param all what may be chosen from, in the order of ids
  public static <T extends Record & Resource> Pages.Page<Tagged<T>> of(
      Ec2Call call,
      OwnedTable<T> table,
      List<Tagged<T>> all,
      Filters<Tagged<T>> filters,
      Asked asked) {
    Pages pages = Pages.of(call.action(), asked.maxResults(), asked.nextToken());
    Set<String> known =
        all.stream().map(thing -> thing.row().id()).collect(Collectors.toUnmodifiableSet());
    table.kind().requireAll(asked.ids(), known);
    List<Tagged<T>> chosen =
        all.stream()
            .filter(thing -> asked.ids().isEmpty() || asked.ids().contains(thing.row().id()))
            .filter(filters.select(asked.filters()))
            .toList();
    Function<Tagged<T>, String> id = thing -> thing.row().id();
    return pages.cut(chosen, id);
  }
}
