package brume.compute.web;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of a list. `nextCursor` is null on the last one.
public record Page<T>(List<T> items, @Nullable String nextCursor) {
  public Page {
    items = List.copyOf(items);
  }

  /// Makes a page of at most the asked size from one row more than that, which only says that there
  /// is another page.
  ///
  /// @param position the value of an item that the next page begins behind
  public static <T> Page<T> of(Paging paging, List<T> oneMore, Function<T, String> position) {
    if (oneMore.size() <= paging.limit()) {
      return new Page<>(oneMore, null);
    }
    List<T> items = oneMore.subList(0, paging.limit());
    return new Page<>(items, paging.cursorBehind(position.apply(items.getLast())));
  }

  public <R> Page<R> map(Function<T, R> change) {
    return new Page<>(items.stream().map(change).toList(), nextCursor);
  }
}
