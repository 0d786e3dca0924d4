package brume.compute.ec2.filter;

import brume.compute.ec2.Ec2Call;
import brume.compute.resource.OwnedTable;
import brume.compute.resource.Resource;
import brume.compute.resource.Tagged;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
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

    Pages pages(String action) {
      Pages.requireNoIds(action, maxResults, ids);
      return Pages.of(action, maxResults, nextToken);
    }
  }

  private static final int PIECE = 1_000;

  private Listing() {}

  /// Where a list too long to be read whole comes from, piece by piece in the order of ids.
  @FunctionalInterface
  public interface Source<T> {
    /// @param ids the only ones that are wanted; empty for any
    /// @param after the id that the piece begins behind; null for the list's beginning
    List<T> read(List<String> ids, @Nullable String after, int most);
  }

  /// Reads no more than the page needs: as many rows as it is long, and where filters pass over
  /// some, pieces of the list until it is full.
  public static <T extends Record & Resource> Pages.Page<Tagged<T>> of(
      Ec2Call call,
      OwnedTable<T> table,
      Source<T> source,
      Filters<Tagged<T>> filters,
      Asked asked) {
    List<String> ids = asked.ids();
    if (!ids.isEmpty()) {
      List<T> found = source.read(ids, null, ids.size());
      return of(call, table, table.tagged(call.scope(), found), filters, asked);
    }
    Pages pages = asked.pages(call.action());
    Predicate<Tagged<T>> wanted = filters.select(asked.filters());
    int most = asked.filters().isEmpty() ? pages.limit() + 1 : PIECE;
    List<Tagged<T>> chosen = new ArrayList<>();
    String after = pages.after();
    boolean more = true;
    while (more && chosen.size() <= pages.limit()) {
      List<T> piece = source.read(List.of(), after, most);
      table.tagged(call.scope(), piece).stream().filter(wanted).forEach(chosen::add);
      more = piece.size() == most;
      after = more ? piece.getLast().id() : after;
    }
    return pages.cut(chosen, thing -> thing.row().id());
  }

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
    Pages pages = asked.pages(call.action());
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
