package brume.compute.web;

import brume.compute.refusal.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which page is asked for. A cursor is opaque to clients; inside it is the list that it belongs to
/// and the value that the page begins behind, so a page stays where it is when rows are added.
///
/// @param list the path of the list, so that a cursor of another one is refused
/// @param after the value that the page begins behind; null for the first page
public record Paging(String list, int limit, @Nullable String after) {
  static final int LIMIT_MAX = 1000;
  static final int LIMIT_DEFAULT = 100;
  static final List<String> PARAMETERS = List.of("limit", "cursor");

  private static final int CURSOR_MAX = 200;
  private static final Pattern LIMIT = Pattern.compile("[0-9]{1,6}");

  static Paging of(String list, @Nullable String limit, @Nullable String cursor) {
    return new Paging(
        list,
        limit == null ? LIMIT_DEFAULT : limit(limit),
        cursor == null ? null : after(list, cursor));
  }

  /// How many rows a query should read: one more than wanted says whether there is another page.
  public int oneMore() {
    return limit + 1;
  }

  String cursorBehind(String position) {
    byte[] text = (mark(list) + position).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
  }

  private static int limit(String text) {
    int limit = LIMIT.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > LIMIT_MAX) {
      throw Refused.invalid("limit", "limit must be a whole number from 1 to " + LIMIT_MAX);
    }
    return limit;
  }

  private static String after(String list, String cursor) {
    String mark = mark(list);
    if (cursor.length() <= CURSOR_MAX) {
      try {
        String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        if (text.startsWith(mark) && text.length() > mark.length() && text.indexOf('\0') < 0) {
          return text.substring(mark.length());
        }
      } catch (IllegalArgumentException e) {
        // refused below, as every other text that is no cursor of this list
      }
    }
    throw Refused.invalid(
        "cursor", "cursor is not one of this list: give back nextCursor as it came");
  }

  // Short: the last part of the path tells lists apart well enough.
  private static String mark(String list) {
    return list.substring(list.lastIndexOf('/') + 1) + "\n";
  }
}
